package io.saccade.model.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.Checkpoint;
import io.saccade.model.TestData;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.FastPathway;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.inspect.CheckpointInspection;
import io.saccade.model.quantise.DequantisedWeights;
import io.saccade.model.text.PromptTemplate;
import io.saccade.model.text.TextTokenizer;
import io.saccade.model.weights.CheckpointProgress;
import io.saccade.model.weights.StoredWeight;
import io.saccade.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynthesiserTest {
  private static final CheckpointProgress SILENT = (tensor, bytes, total) -> {};

  private static final PromptTemplate TEMPLATE =
      Architectures.read(TestData.randomCheckpoint()).prompt();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"f32", "bf16", "int8", "int4"})
  void makesACheckpointOfEachType(String type) throws IOException {
    long bytes = synthesise(like("s1t4"), type, 1, "made");

    Checkpoint checkpoint = Checkpoint.open(folder.resolve("made"));

    assertThat(checkpoint.quantisation().map(Quantisation::toString).orElse(type)).isEqualTo(type);
    assertThat(checkpoint.parameters()).isEqualTo(327_772);
    assertThat(bytes).isEqualTo(checkpoint.weights().stream().mapToLong(StoredWeight::bytes).sum());
    assertThat(json("made", "config.json").get("torch_dtype").getAsString())
        .isEqualTo(type.equals("f32") ? "float32" : "bfloat16");
    assertThat(json("made", "config.json").has("quantization_config"))
        .isEqualTo(type.startsWith("int"));
  }

  @Test
  void weightsHaveTheirSpread() throws IOException {
    make(like("s1t4"), "f32", 1, "made");
    for (StoredWeight weight : Checkpoint.open(folder.resolve("made")).weights()) {
      float[] values = DequantisedWeights.read(weight);
      if (weight.spec().storedName().equals("model.layers.0.mlp.up_proj.weight")) {
        assertThat(deviation(values)).isBetween(0.123, 0.127); // 1 / sqrt(64)
      } else if (weight.spec().storedName().endsWith("_layernorm.weight")) {
        assertThat(values).containsOnly(1f);
      } else if (weight.spec().storedName().endsWith("warm_up_gate")) {
        assertThat(values[0]).isBetween(0.05f, 0.55f);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    make(like("s1t4"), "int4", 5, "first");
    make(like("s1t4"), "int4", 5, "second");
    make(like("s1t4"), "int4", 6, "third");
    assertThat(weights("first")).hasSameBinaryContentAs(weights("second"));
    assertThat(Files.mismatch(weights("first"), weights("third"))).isPositive();
  }

  /** Shapes as released: Qwen2-7B with four hybrid layers, and ConvNeXt-XXL. */
  @ParameterizedTest
  @CsvSource({
    "frame64-s1t4, 64, 1, 4, 4096",
    "frame96-s1t6, 96, 1, 6, 3072",
    "frame128-s2t4, 128, 2, 4, 3072"
  })
  void knowsTheReleasedShapes(String name, int frames, int s, int t, int maxPromptTokens) {
    SyntheticConfig shape = SyntheticConfig.like(name);
    ModelDescription model = Architectures.read(JsonConfig.of(Path.of(name), shape.json()));
    assertThat(shape.frames()).isEqualTo(frames);
    assertThat(model.arrangement().fastPathway()).isEqualTo(new FastPathway(s, t, 1, 16));
    assertThat(model.maxPromptTokens()).isEqualTo(maxPromptTokens);
    assertThat(model.decoder().hybridLayers()).containsExactly(0, 8, 16, 24);
    assertThat(shape.json().has("mm_vision_config")).isFalse();
    assertThat(model.tensors().stream().mapToLong(TensorSpec::elements).sum())
        .isBetween(8_490_000_000L, 8_500_000_000L);
  }

  @Test
  void knowsTheShapeOfTheBenchmark() {
    ModelDescription model =
        Architectures.read(JsonConfig.of(Path.of("medium"), SyntheticConfig.like("medium").json()));
    assertThat(model.decoder().hybridLayers()).containsExactly(0, 6, 12, 18);
    assertThat(model.tower().grid()).isEqualTo(12);
  }

  @Test
  void knowsTheShapeOfLongVideos() {
    make("long", "bf16", 1, "long");
    CheckpointInspection inspection = CheckpointInspection.of(folder.resolve("long"), 8L << 30);
    assertThat(inspection.profile().frames()).isEqualTo(1536);
    assertThat(inspection.tokens().slow()).isEqualTo(98_304);
    assertThat(inspection.tokens().fast()).isEqualTo(1024);
    assertThat(inspection.tower().kind()).isEqualTo("siglip");
  }

  @Test
  void theFramesAreSaidWhereTheFoldersNameDoesNot() throws IOException {
    make(like("s1t4"), "bf16", 1, "frame64-small");
    make(like("s1t4"), "bf16", 1, "frame32-small");
    assertThat(json("frame64-small", "config.json").has("num_frames")).isFalse();
    assertThat(Checkpoint.open(folder.resolve("frame32-small")).frames()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({"600, 597", "152064, 151643", "259, 256"})
  void itsTokenizerKnowsAnyTextAndAnyId(int vocabulary, long endOfText) throws IOException {
    SyntheticTokenizer synthetic = new SyntheticTokenizer(vocabulary, TEMPLATE);
    Files.writeString(folder.resolve("tokenizer.json"), synthetic.toJson().toString());
    try (TextTokenizer tokenizer =
        TextTokenizer.load(folder, vocabulary, TEMPLATE.controls().turns())) {
      String text = "Wo ist die Straße? 何色\u0000 🚗\n";
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      assertThat(tokenizer.encode("<|endoftext|><|im_start|><|im_end|>"))
          .containsExactly(endOfText, endOfText + 1, endOfText + 2);
      assertThat(synthetic.answerEnd()).isEqualTo((int) endOfText + 2);
      List<Long> all = LongStream.range(0, vocabulary).boxed().toList();
      assertThat(tokenizer.decode(all)).hasSizeGreaterThan(200);
      if (endOfText > 300) {
        assertThat(tokenizer.decode(List.of(256L, 257L, 300L))).matches("( [a-z]{4}){3}");
      }
    }
  }

  @Test
  void refusesWhatItCannotMake() {
    assertRefused("frame32-s1t4", "frame32-s1t4 is neither one of ");
    assertRefused("frame32-s1t4", "frame64-s1t4, frame96-s1t6, frame128-s2t4, medium, long");
    SyntheticConfig shape = SyntheticConfig.like("medium");
    shape.json().addProperty("vocab_size", 100);
    Path config = folder.resolve("config.json");
    TestData.write(config, shape.json().toString());
    assertRefused(config.toString(), "vocab_size is 100");
    shape.json().addProperty("num_attention_heads", 13);
    TestData.write(config, shape.json().toString());
    assertRefused(config.toString(), "config.json: num_key_value_heads is 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SynthesisOptions("medium", "int3", 64, 0))
        .withMessageContaining("type is int3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SynthesisOptions("medium", "int4", 48, 0))
        .withMessageContaining("group is 48, and one of 32, 64, 128 is needed");
  }

  private void assertRefused(String like, String problem) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> synthesise(like, "int4", 0, "refused"))
        .withMessageContaining(problem);
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private static String like(String vectors) {
    return TestData.resource(vectors + "/checkpoint").toString();
  }

  private void make(String like, String type, long seed, String name) {
    var unused = synthesise(like, type, seed, name);
  }

  private long synthesise(String like, String type, long seed, String name) {
    return new Synthesiser(new SynthesisOptions(like, type, 64, seed))
        .write(folder.resolve(name), SILENT);
  }

  private Path weights(String name) {
    return folder.resolve(name).resolve(WeightFiles.SINGLE);
  }

  private JsonObject json(String name, String file) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(name).resolve(file)))
        .getAsJsonObject();
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }
}
