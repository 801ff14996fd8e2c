package io.saccade.model.plainllava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.saccade.model.Generation;
import io.saccade.model.Sequence;
import io.saccade.model.TestData;
import io.saccade.model.VideoModel;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.config.Sampling;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.ModuleSource;
import io.saccade.model.inspect.CheckpointInspection;
import io.saccade.model.quantise.Quantiser;
import io.saccade.model.synthesis.SynthesisOptions;
import io.saccade.model.synthesis.Synthesiser;
import io.saccade.model.text.Conversation;
import io.saccade.model.text.Prompt;
import io.saccade.model.verify.PlainDecoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The seam between this module and its architectures: with {@link PlainLlava} alone all of the
 * module works, from random weights to answers, and computes what the definition says.
 */
class PlainLlavaTest {
  private static final int FRAMES = 3;
  private static final int TOKENS = 8;
  private static final Conversation QUESTION =
      new Conversation(List.of(new Conversation.Turn("Where?", "There.")), "What colour?");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain-llava-qwen2", "plain-llava"})
  void computesWhatTheDefinitionSays(String like) {
    Path checkpoint = synthesise(like);
    List<ByteBuffer> frames = frames();
    try (VideoModel model = VideoModel.load(checkpoint, TestData.OPTIONS);
        ClipFeatures clip = model.encode(frames)) {
      List<float[]> logits = new ArrayList<>();
      List<Long> ids = greedy(model, clip, logits).ids();

      PlainLlavaInJava plain = new PlainLlavaInJava(checkpoint);
      Prompt prompt = model.promptFormat().encode(QUESTION);
      List<double[]> rows = new ArrayList<>();
      prompt.before().forEach(id -> rows.add(plain.embedding(id)));
      rows.addAll(plain.clip(frames));
      prompt.after().forEach(id -> rows.add(plain.embedding(id)));
      for (int i = 0; i < TOKENS; i++) {
        double[] expected = plain.logits(rows);
        assertNear(logits.get(i), expected);
        assertThat(ids.get(i)).isEqualTo(likeliest(expected));
        rows.add(plain.embedding(ids.get(i)));
      }
    }
  }

  /** All of the clip is in the prompt, and no layer says where it looked. */
  @Test
  void hasNoSlowTokens() {
    try (VideoModel model = VideoModel.load(synthesise("plain-llava"), TestData.OPTIONS);
        ClipFeatures clip = model.encode(frames())) {
      assertThat(clip.slowTokens()).isZero();
      assertThat(clip.fastTokens()).isEqualTo(FRAMES * 16);
      assertThat(clip.bytes()).isEqualTo(model.clipBytes(FRAMES));
      Generation answer =
          model.generate(
              clip, QUESTION, GenerationOptions.defaults().withMaxNewTokens(4), () -> false);
      assertThat(answer.lookedAt()).isEmpty();
      assertThat(answer.slowTokens()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROMPT", "ALL_TEXT"})
  void answersTogetherWhatItAnswersAlone(DecodeMode mode) {
    try (VideoModel model = VideoModel.load(synthesise("plain-llava"), TestData.OPTIONS);
        ClipFeatures clip = model.encode(frames())) {
      GenerationOptions options =
          GenerationOptions.defaults().withMaxNewTokens(TOKENS).withDecodeMode(mode);
      List<String> questions = List.of("Where is the dog?", "Why?");
      List<Sequence> batch =
          questions.stream()
              .map(text -> model.sequence(Conversation.of(text), options, FRAMES))
              .toList();
      batch.forEach(sequence -> sequence.begin(clip));
      batch.forEach(Sequence::prefill);
      while (batch.stream().noneMatch(Sequence::finished)) {
        model.decode(batch);
      }
      for (int i = 0; i < batch.size(); i++) {
        Conversation question = Conversation.of(questions.get(i));
        List<Long> alone = model.generate(clip, question, options, () -> false).ids();
        assertThat(alone).startsWith(batch.get(i).generation().ids().toArray(Long[]::new));
        batch.get(i).close();
      }
    }
  }

  @Test
  void isInspectedAndQuantised() {
    Path checkpoint = synthesise("plain-llava");
    CheckpointInspection inspection = CheckpointInspection.of(checkpoint);
    assertThat(inspection.tower())
        .isEqualTo(new CheckpointInspection.Tower("siglip", List.of(2), 32, 4));
    assertThat(inspection.decoder().hybridLayers()).isEmpty();
    assertThat(inspection.tokens().slow()).isZero();
    assertThat(inspection.tokens().fast()).isEqualTo(FRAMES * 16);
    assertThat(inspection.memory().slowKeyValueBytes()).isZero();

    Path small = folder.resolve("int8");
    new Quantiser(checkpoint, QuantisationOptions.of(Quantisation.INT8), false)
        .write(small, (tensor, bytes, total) -> {});
    List<float[]> exact = new ArrayList<>();
    List<float[]> quantised = new ArrayList<>();
    for (Path path : List.of(checkpoint, small)) {
      try (VideoModel model = VideoModel.load(path, TestData.OPTIONS);
          ClipFeatures clip = model.encode(frames())) {
        var unused = greedy(model, clip, path.equals(small) ? quantised : exact);
      }
    }
    for (int i = 0; i < exact.get(0).length; i++) {
      assertThat(quantised.get(0)[i]).isCloseTo(exact.get(0)[i], within(0.3f));
    }
  }

  @Test
  void hasAPlainDecoderToo() {
    Path checkpoint = synthesise("plain-llava-qwen2");
    try (PlainDecoder plain =
        PlainDecoder.load(checkpoint, TestData.OPTIONS, FRAMES, 60, 4, DecodeMode.ALL_TEXT)) {
      for (int i = 0; i < 5; i++) {
        plain.step();
      }
    }
  }

  @Test
  void onlyItsOwnTowerIsCompiled() {
    assertThat(ModuleSource.of(Architectures.read(synthesise("plain-llava"))).body())
        .contains("def siglip_attention(")
        .doesNotContain("convnext");
    assertThat(ModuleSource.of(Architectures.read(TestData.randomCheckpoint())).body())
        .contains("def convnext_block(")
        .doesNotContain("siglip");
  }

  @Test
  void anUnknownModelTypeIsRefusedWithThoseThatAreKnown() {
    JsonObject json = new JsonObject();
    json.addProperty("model_type", "bert");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Architectures.read(JsonConfig.of(Path.of("config.json"), json)))
        .withMessageContaining("model_type is \"bert\", and one of ")
        .withMessageContaining("llava_qwen_slow_fast")
        .withMessageContaining("plain_llava");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(
            () -> Architectures.read(JsonConfig.of(Path.of("config.json"), new JsonObject())))
        .withMessageContaining("model_type is missing");
  }

  private Path synthesise(String like) {
    Path checkpoint = folder.resolve(like);
    var unused =
        new Synthesiser(new SynthesisOptions(like, "f32", 64, 7))
            .write(checkpoint, (tensor, bytes, total) -> {});
    return checkpoint;
  }

  /** Noise. */
  private static List<ByteBuffer> frames() {
    Random random = new Random(5);
    return Stream.generate(
            () -> {
              byte[] pixels = new byte[58 * 58 * 3];
              random.nextBytes(pixels);
              return ByteBuffer.wrap(pixels);
            })
        .limit(FRAMES)
        .toList();
  }

  private static Generation greedy(VideoModel model, ClipFeatures clip, List<float[]> logits) {
    Sequence.Chooser chooser =
        (values, generated) -> {
          logits.add(values);
          return new Sampling(0, 0, 1, 1).next(values, generated, new SplittableRandom(0));
        };
    Sequence.Request request =
        new Sequence.Request(
            model.promptFormat().after(QUESTION),
            clip.prefixTokens(),
            clip.fastTokens(),
            DecodeMode.PROMPT,
            true,
            TOKENS,
            Set.of(),
            Optional.of(chooser));
    try (Sequence sequence = model.sequence(request, List.of())) {
      return model.run(sequence, clip, () -> false);
    }
  }

  private static long likeliest(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static void assertNear(float[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
    }
  }
}
