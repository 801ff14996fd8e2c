package io.saccade.model.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.model.Sequence;
import io.saccade.model.TestData;
import io.saccade.model.VideoModel;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.graph.WideCopies;
import io.saccade.model.text.Conversation;
import io.saccade.model.verify.Verifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantised weights give the same whichever way they are multiplied. */
class QuantisedModelTest {
  @TempDir Path folder;

  /** Few rows go through the packed kernels, many through weights unpacked or copied in bf16. */
  @ParameterizedTest
  @CsvSource({"INT8, 1", "INT8, 60", "INT4, 1", "INT4, 60"})
  void computesWhatItsWeightsSay(Quantisation form, int words) {
    Path quantised = folder.resolve("quantised");
    new Quantiser(TestData.randomCheckpoint(), QuantisationOptions.of(form), false)
        .write(quantised, (tensor, bytes, total) -> {});
    ModelOptions packed =
        TestData.OPTIONS.withPrecision(Precision.AUTO).withWideCopies(WideCopies.NEVER);
    float[] exact = logits(quantised, TestData.OPTIONS, words);

    assertThat(Verifier.cosine(exact, logits(quantised, packed, words))).isGreaterThan(0.998);
    assertThat(
            Verifier.cosine(
                exact, logits(quantised, packed.withWideCopies(WideCopies.ALWAYS), words)))
        .isGreaterThan(0.998);
  }

  /** The logits of the first and of the second token. */
  private static float[] logits(Path checkpoint, ModelOptions options, int words) {
    List<ByteBuffer> frames = TestData.frames(TestData.randomCase());
    List<float[]> logits = new ArrayList<>();
    try (VideoModel model = VideoModel.load(checkpoint, options);
        ClipFeatures clip = model.encode(frames);
        Sequence sequence = model.sequence(request(model, clip, words, logits), List.of())) {
      model.run(sequence, clip, () -> false);
    }
    float[] joined = new float[logits.size() * logits.get(0).length];
    for (int i = 0; i < logits.size(); i++) {
      System.arraycopy(logits.get(i), 0, joined, i * logits.get(i).length, logits.get(i).length);
    }
    return joined;
  }

  private static Sequence.Request request(
      VideoModel model, ClipFeatures clip, int words, List<float[]> logits) {
    Sequence.Chooser fixed =
        (values, generated) -> {
          logits.add(values);
          return new Random(generated.size()).nextInt(400);
        };
    return new Sequence.Request(
        model.promptFormat().after(Conversation.of("a ".repeat(words))),
        clip.prefixTokens(),
        clip.fastTokens(),
        DecodeMode.ALL_TEXT,
        true,
        2,
        Set.of(),
        Optional.of(fixed));
  }
}
