package io.saccade.model.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.Checkpoint;
import io.saccade.model.TensorsFile;
import io.saccade.model.TestData;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorRole;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.config.TensorType;
import io.saccade.model.weights.CheckpointProgress;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.QuantisedRows;
import io.saccade.model.weights.StoredWeight;
import io.saccade.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantiserTest {
  private static final String Q_PROJ = "model.layers.1.self_attn.q_proj.weight";
  private static final CheckpointProgress SILENT = (tensor, bytes, total) -> {};

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"INT8, 0.9999", "INT4, 0.994"})
  void staysCloseToTheWeights(Quantisation form, double cosine) throws IOException {
    Path output = quantise(QuantisationOptions.of(form));

    Checkpoint before = Checkpoint.open(TestData.randomCheckpoint());
    Checkpoint after = Checkpoint.open(output);
    assertThat(after.quantisation()).contains(form);
    assertThat(after.parameters()).isEqualTo(before.parameters());
    for (int i = 0; i < before.weights().size(); i++) {
      StoredWeight weight = after.weights().get(i);
      float[] original = DequantisedWeights.read(before.weights().get(i));
      float[] restored = DequantisedWeights.read(weight);
      if (weight.quantisation().isPresent()) {
        assertThat(cosine(original, restored)).as(weight.spec().storedName()).isGreaterThan(cosine);
      } else {
        assertThat(restored).as(weight.spec().storedName()).isEqualTo(original);
      }
    }
  }

  @Test
  void theLinearLayersOfTheDecoderAreQuantised() {
    Checkpoint checkpoint = Checkpoint.open(quantise(QuantisationOptions.of(Quantisation.INT4)));

    assertThat(forms(checkpoint, "model.layers.0.self_attn.cross_attn_kv_proj.weight"))
        .contains(Quantisation.INT4);
    assertThat(forms(checkpoint, Q_PROJ)).contains(Quantisation.INT4);
    assertThat(forms(checkpoint, "lm_head.weight")).contains(Quantisation.INT8);
    assertThat(
            checkpoint.weights().stream()
                .filter(weight -> weight.quantisation().isPresent())
                .map(weight -> weight.spec().part())
                .distinct())
        .containsOnly(ModelPart.DECODER, ModelPart.CROSS_ATTENTION, ModelPart.OUTPUT_LAYER);
    assertThat(scaleShape(checkpoint, Q_PROJ)).containsExactly(1L, 64L, 2L);
    // 160 columns are no multiple of 64 but of 32.
    assertThat(scaleShape(checkpoint, "model.layers.1.mlp.down_proj.weight"))
        .containsExactly(5L, 64L, 2L);
  }

  @Test
  void theOutputLayerMayBeKeptAndTheOthersMadeSmaller() {
    Path output = folder.resolve("kept");
    QuantisationOptions options = new QuantisationOptions(Quantisation.INT8, 64, true);
    var unused = new Quantiser(TestData.randomCheckpoint(), options, true).write(output, SILENT);

    Checkpoint checkpoint = Checkpoint.open(output);

    assertThat(forms(checkpoint, "lm_head.weight")).isEmpty();
    assertThat(checkpoint.weights())
        .filteredOn(weight -> weight.quantisation().isEmpty())
        .allMatch(weight -> weight.values().entry().type() == TensorType.BF16);
    assertThat(json(output).get("torch_dtype").getAsString()).isEqualTo("bfloat16");
  }

  @Test
  void allElseOfTheFolderIsCopied() throws IOException {
    Path source = TestData.copy(TestData.randomCheckpoint(), folder.resolve("source"));
    Files.writeString(source.resolve("README.md"), "of the original");
    Files.writeString(source.resolve("training_args.bin"), "pickled");
    Files.createDirectory(source.resolve("runs"));
    Path output = Files.createDirectory(folder.resolve("empty"));

    var unused =
        new Quantiser(source, QuantisationOptions.of(Quantisation.INT4), false)
            .write(output, SILENT);

    assertThat(names(output))
        .containsExactly(
            "README.md",
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json");
    JsonObject config = json(output);
    assertThat(config.remove("quantization_config"))
        .isEqualTo(JsonParser.parseString("{'quant_method':'saccade','bits':4,'group_size':64}"));
    assertThat(config).isEqualTo(json(source));
    assertThat(names(folder)).containsExactly("empty", "source");
  }

  @ParameterizedTest
  @EnumSource
  void theSameWeightsGiveTheSameBytes(Quantisation form) throws IOException {
    Path first = quantise(QuantisationOptions.of(form));
    Path second = folder.resolve("second");
    var unused =
        new Quantiser(TestData.randomCheckpoint(), QuantisationOptions.of(form), false)
            .write(second, SILENT);
    assertThat(first.resolve(WeightFiles.SINGLE))
        .hasSameBinaryContentAs(second.resolve(WeightFiles.SINGLE));
  }

  @Test
  void reportsWhatItDid() {
    QuantisationReport report =
        new Quantiser(TestData.randomCheckpoint(), QuantisationOptions.of(Quantisation.INT4), false)
            .write(folder.resolve("reported"), SILENT);

    assertThat(report.bytesAfter()).isLessThan(report.bytesBefore() * 2 / 3);
    assertThat(report.leftOut()).isEqualTo(2); // the head of the tower
    assertThat(report.kinds())
        .anySatisfy(
            kind -> {
              assertThat(kind.name()).isEqualTo("up_proj");
              assertThat(kind.storedAs()).isEqualTo("int4");
              assertThat(kind.tensors()).isEqualTo(4);
              assertThat(kind.relativeError()).isBetween(0.05, 0.12);
            })
        .anySatisfy(kind -> assertThat(kind.name()).isEqualTo("vision tower"));
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    Path quantised = quantise(QuantisationOptions.of(Quantisation.INT8));
    assertRefused(quantised, folder.resolve("twice"), "is quantised already, to int8");
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.createFile(full.resolve("file"));
    assertRefused(TestData.randomCheckpoint(), full, "is not empty");
    assertRefused(TestData.randomCheckpoint(), full.resolve("file"), "is a file");
    Path broken = TestData.copy(TestData.randomCheckpoint(), folder.resolve("broken"));
    byte[] nan = new byte[64 * 64 * 4];
    Arrays.fill(nan, (byte) 0xff);
    TensorsFile.of(broken.resolve(WeightFiles.SINGLE))
        .put(Q_PROJ, "F32", List.of(64L, 64L), nan)
        .write(broken.resolve(WeightFiles.SINGLE));
    assertRefused(broken, folder.resolve("nan"), Q_PROJ + " holds a weight that is not finite");
    assertThat(names(folder)).noneMatch(name -> name.startsWith("."));
  }

  /** One such weight anywhere in a row would spoil it. */
  @ParameterizedTest
  @CsvSource({"INT8, NaN", "INT8, -Infinity", "INT4, NaN", "INT4, Infinity", "INT4, 3e38"})
  void refusesWeightsThatAreNotFinite(Quantisation form, float weight) {
    for (int at : new int[] {0, 40, 127}) {
      float[] rows = new float[128];
      Arrays.fill(rows, 0.5f);
      rows[at] = weight;
      assertThatExceptionOfType(ArithmeticException.class)
          .isThrownBy(() -> QuantisedRows.of(form, rows, 2, 64, 32, true))
          .withMessageContaining("not finite");
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalWeightsHaveNoScaleAndNoError(Quantisation form) {
    for (float weight : new float[] {0, 0.5f}) {
      float[] rows = new float[64];
      Arrays.fill(rows, weight);
      assertThat(QuantisedRows.of(form, rows, 1, 64, 64, true).squaredError()).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I8 | 64 | 64 | BF16 | 64 | ",
        "I8 | 64 | 32 | BF16 | 64 | is I8 [64, 32], and an int8 weight [64, 64]",
        "I8 | 64 | 64 | F32 | 64 | is F32 [64], which are no scales",
        "U8 | 64 | 32 | BF16 | 1 64 2 | ",
        "U8 | 64 | 32 | BF16 | 2 64 2 | ",
        "U8 | 64 | 32 | BF16 | 4 64 2 | is BF16 [4, 64, 2], which are no scales",
        "U8 | 64 | 32 | BF16 | 64 | which are no scales",
        "U8 | 64 | 64 | BF16 | 1 64 2 | needs [64, 32]",
        "U8 | 64 | 32 | | | its scales model.layers.1.self_attn.q_proj.weight_scale are missing",
        "I32 | 64 | 64 | | | F32, F16, BF16 or, quantised, I8 or U8 is needed",
      })
  void checksWhatIsStored(
      String type, long rows, long columns, String scaleType, String scaleShape, String problem) {
    TensorSpec spec = linear(64, 64);
    TensorEntry values = entry(Q_PROJ, type, List.of(rows, columns));
    Optional<TensorEntry> scale =
        Optional.ofNullable(scaleType).map(t -> entry(Q_PROJ + "_scale", t, numbers(scaleShape)));
    Optional<String> found = spec.problem(values, scale);
    assertThat(found.isPresent()).isEqualTo(problem != null);
    found.ifPresent(text -> assertThat(text).contains(problem));
  }

  /** Kernels that read beyond such weights must never see them. */
  @ParameterizedTest
  @CsvSource({"64, 64, U8", "64, 40, F32", "64, 96, U8", "8, 64, I8", "8, 40, F32", "64, 32, U8"})
  void aShapeThatNoKernelTakesGetsALargerForm(long out, long in, TensorType type) {
    NewWeight weight =
        NewWeight.plain(linear(out, in), Q_PROJ, TensorType.F32)
            .quantised(QuantisationOptions.of(Quantisation.INT4));
    assertThat(weight.type()).isEqualTo(type);
  }

  private static TensorSpec linear(long out, long in) {
    return TensorSpec.of(ModelPart.DECODER, TensorRole.MATRIX, Q_PROJ, out, in).asQuantisable();
  }

  private static TensorEntry entry(String name, String type, List<Long> shape) {
    return new TensorEntry(name, TensorType.valueOf(type), shape, 0, 0);
  }

  private static List<Long> numbers(String text) {
    return Stream.of(text.split(" ")).map(Long::valueOf).toList();
  }

  private Path quantise(QuantisationOptions options) {
    Path output = folder.resolve(options.form().toString());
    var unused = new Quantiser(TestData.randomCheckpoint(), options, false).write(output, SILENT);
    return output;
  }

  private static void assertRefused(Path source, Path output, String problem) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(
            () ->
                new Quantiser(source, QuantisationOptions.of(Quantisation.INT4), false)
                    .write(output, SILENT))
        .withMessageContaining(problem);
  }

  private static Optional<Quantisation> forms(Checkpoint checkpoint, String name) {
    return weight(checkpoint, name).quantisation();
  }

  private static List<Long> scaleShape(Checkpoint checkpoint, String name) {
    return weight(checkpoint, name).scale().orElseThrow().entry().shape();
  }

  private static StoredWeight weight(Checkpoint checkpoint, String name) {
    return checkpoint.weights().stream()
        .filter(weight -> weight.spec().storedName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static JsonObject json(Path folder) {
    try {
      return JsonParser.parseString(Files.readString(folder.resolve("config.json")))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
