package io.saccade.model.quantise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.Checkpoint;
import io.saccade.model.TestData;
import io.saccade.model.VideoModel;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.verify.Verification;
import io.saccade.model.verify.Verifier;
import io.saccade.model.weights.CheckpointProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quantised copies are as accurate as is asked for, also where rounding all weights is not. */
class QuantiserFloorTest {
  private static final CheckpointProgress SILENT = (tensor, bytes, total) -> {};

  private final List<QuantisationMix> measured = new ArrayList<>();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aRandomModelKeepsMoreBits(Quantisation form) throws IOException {
    Path output = folder.resolve("copy");

    QuantisationMix mix = quantise(TestData.randomCheckpoint(), form, floor(form), output).mix();

    assertThat(measured).hasSizeGreaterThan(2).contains(mix);
    assertThat(measured.get(0).step()).isZero();
    assertThat(measured.get(0).cosine()).isLessThan(AccuracyFloor.usual(form));
    assertThat(mix.step()).isPositive();
    assertThat(mix.int4() + mix.int8() + mix.plain()).isBetween(0.9999, 1.0001);
    assertThat(Checkpoint.open(output).quantisation()).contains(form);
    assertReaches(form, output, TestData.randomCase());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(output);
    }
  }

  @Test
  void aTrainedModelIsWhollyInt4AfterOneMeasurement() {
    Quantisation form = Quantisation.INT4;

    QuantisationMix mix =
        quantise(TestData.demoCheckpoint(), form, floor(form), folder.resolve("copy")).mix();

    assertThat(measured).containsExactly(mix);
    assertThat(mix.step()).isZero();
    assertThat(mix.int4()).isGreaterThan(0.9);
    assertThat(mix.cosine()).isGreaterThan(0.99);
  }

  @Test
  void withoutAFloorNothingIsMeasured() {
    QuantisationMix mix =
        quantise(
                TestData.randomCheckpoint(),
                Quantisation.INT4,
                AccuracyFloor.none(),
                folder.resolve("copy"))
            .mix();

    assertThat(measured).isEmpty();
    assertThat(mix.cosine()).isNull();
    assertThat(mix.plain()).isZero();
    assertThat(mix.int4()).isGreaterThan(0.75); // all but the output layer
  }

  @Test
  void aFloorThatTheTypeAloneMissesIsRefused() throws IOException {
    AccuracyFloor floor = new AccuracyFloor(0.999999, TestData.OPTIONS, measured::add);

    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(
            () ->
                quantise(
                    TestData.randomCheckpoint(), Quantisation.INT8, floor, folder.resolve("copy")))
        .withMessageContaining("reaches a cosine of 0.999999 (bf16 alone has 0.99");
    assertThat(folder).isEmptyDirectory();
  }

  /** Every reference case there is, in both forms. */
  @Test
  void allSharedVectorsReachTheFloor() throws IOException {
    Path shared = TestData.shared();
    try (Stream<Path> folders = Files.list(shared.resolve("vectors"))) {
      List<Path> all =
          Stream.concat(folders, Stream.of(shared.resolve("demo/vectors")))
              .filter(vectors -> Files.isDirectory(checkpoint(vectors)))
              .toList();
      for (Path vectors : all) {
        for (Quantisation form : Quantisation.values()) {
          Path output =
              folder.resolve(
                  vectors.toAbsolutePath().normalize().getParent().getFileName()
                      + "-"
                      + vectors.getFileName()
                      + "-"
                      + form);
          var unused = quantise(checkpoint(vectors), form, floor(form), output);
          assertReaches(form, output, cases(vectors));
        }
      }
    }
  }

  private static Path checkpoint(Path vectors) {
    Path inside = vectors.resolve("checkpoint");
    return Files.isDirectory(inside) ? inside : vectors.resolveSibling("checkpoint");
  }

  private static Path[] cases(Path vectors) throws IOException {
    try (Stream<Path> files = Files.list(vectors)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).toArray(Path[]::new);
    }
  }

  private static void assertReaches(Quantisation form, Path copy, Path... cases) {
    try (VideoModel model = VideoModel.load(copy, ModelOptions.defaults().withThreads(1))) {
      assertThat(cases).isNotEmpty();
      for (Path file : cases) {
        Verification verification = Verifier.verify(model, file);
        assertThat(verification.logitsCosine().orElseThrow())
            .as("%s in %s", file, form)
            .isGreaterThanOrEqualTo(AccuracyFloor.usual(form));
        assertThat(verification.passed()).as("%s in %s", file, form).isTrue();
      }
    }
  }

  private AccuracyFloor floor(Quantisation form) {
    return new AccuracyFloor(AccuracyFloor.usual(form), TestData.OPTIONS, measured::add);
  }

  private static QuantisationReport quantise(
      Path checkpoint, Quantisation form, AccuracyFloor floor, Path output) {
    return new Quantiser(checkpoint, QuantisationOptions.of(form), false)
        .write(output, floor, SILENT);
  }
}
