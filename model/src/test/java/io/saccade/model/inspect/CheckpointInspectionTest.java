package io.saccade.model.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.TestData;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.graph.Host;
import io.saccade.model.quantise.QuantisationReport;
import io.saccade.model.quantise.Quantiser;
import io.saccade.model.synthesis.SyntheticConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointInspectionTest {
  private static final long MACHINE = 8L << 30;

  @TempDir Path folder;

  @Test
  void tellsWhatAFolderHolds() {
    CheckpointInspection inspection = CheckpointInspection.of(TestData.randomCheckpoint(), MACHINE);

    assertThat(inspection.name()).isEqualTo("checkpoint");
    assertThat(inspection.decoder().hybridLayers()).containsExactly(0, 2);
    assertThat(inspection.tower())
        .isEqualTo(new CheckpointInspection.Tower("convnext", List.of(1, 1, 2, 1), 48, 4));
    assertThat(inspection.parameters()).isEqualTo(327_772);
    assertThat(inspection.bytes()).isEqualTo(4 * 327_772);
    assertThat(inspection.quantisation()).isNull();
    assertThat(inspection.weights())
        .extracting(CheckpointInspection.Weights::part)
        .containsExactly(ModelPart.values());
    assertThat(inspection.weights().get(0))
        .isEqualTo(
            new CheckpointInspection.Weights(
                ModelPart.EMBEDDING, "F32", 1, 600 * 64, 4 * 600 * 64));
    assertThat(inspection.tokens())
        .isEqualTo(new CheckpointInspection.Tokens(2, 256, 64, 1024, 960, 4096));
    assertThat(inspection.generation().endIds()).containsExactly(517L, 519L);
  }

  /** 2 key heads of 16, keys and values in float32: 256 bytes a token and layer. */
  @Test
  void countsTheMemory() {
    MemoryEstimate memory = CheckpointInspection.of(TestData.randomCheckpoint(), MACHINE).memory();

    assertThat(memory.elementBytes()).isEqualTo(4);
    assertThat(memory.slowKeyValueBytes()).isEqualTo(2 * 256 * 256);
    assertThat(memory.prefixKeyValueBytes()).isEqualTo(4 * 256 * (64 + 14));
    assertThat(memory.clipBytes())
        .isEqualTo(memory.slowKeyValueBytes() + memory.prefixKeyValueBytes() + 64 * 64 * 4);
    assertThat(memory.sequenceBytes()).isEqualTo(4 * 256 * (1024 + 512));
    assertThat(memory.fits()).isTrue();
    long room = MACHINE - 4 * 327_772 - memory.workingBytes() - MemoryEstimate.RESERVED_BYTES;
    assertThat(memory.clips()).isEqualTo((room - memory.sequenceBytes()) / memory.clipBytes());
  }

  @Test
  void saysWhenAMachineIsTooSmall() {
    MemoryEstimate memory = CheckpointInspection.of(TestData.randomCheckpoint(), 1L << 30).memory();
    assertThat(memory.fits()).isFalse();
    assertThat(memory.clips()).isZero();
    assertThat(memory.sequences()).isZero();
  }

  @Test
  void countsQuantisedWeightsWithTheirScales() {
    Path output = folder.resolve("quantised");
    QuantisationReport report =
        new Quantiser(TestData.randomCheckpoint(), QuantisationOptions.of(Quantisation.INT4), true)
            .write(output, (tensor, bytes, total) -> {});

    CheckpointInspection inspection = CheckpointInspection.of(output, MACHINE);

    assertThat(inspection.quantisation()).isEqualTo("int4");
    assertThat(inspection.bytes()).isEqualTo(report.bytesAfter());
    assertThat(inspection.memory().elementBytes()).isEqualTo(2);
    assertThat(inspection.weights())
        .extracting(weights -> weights.part() + " " + weights.type())
        .contains("decoder int4", "decoder BF16", "output layer int8", "vision tower BF16");
    long quantised =
        inspection.weights().stream()
            .filter(weights -> weights.type().startsWith("int"))
            .mapToLong(CheckpointInspection.Weights::parameters)
            .sum();
    assertThat(quantised).isPositive();
    assertThat(inspection.memory().wideCopyBytes())
        .isEqualTo(Host.hasBfloat16() ? 2 * quantised : 0);
    assertThat(CheckpointInspection.of(output, 8 * 2 * quantised - 1).memory().wideCopyBytes())
        .isZero();
  }

  /** What model.md says of the released checkpoints and of images. */
  @ParameterizedTest
  @CsvSource({
    "frame64-s1t4, 64, 5184, 1296",
    "frame96-s1t6, 96, 7776, 1296",
    "frame128-s2t4, 128, 10368, 1296",
    "frame64-s1t4, 1, 324, 324",
  })
  void countsTheTokensOfReleasedShapes(String like, int frames, long slow, long fast) {
    ModelDescription config =
        Architectures.read(JsonConfig.of(Path.of(like), SyntheticConfig.like(like).json()));
    CheckpointInspection.Tokens tokens = CheckpointInspector.tokens(config, frames);
    assertThat(tokens.slow()).isEqualTo(slow);
    assertThat(tokens.fast()).isEqualTo(fast);
  }

  @Test
  void needsNeitherTokenizerNorGenerationConfig() throws IOException {
    Path copy = TestData.copy(TestData.randomCheckpoint(), folder.resolve("bare"));
    Files.delete(copy.resolve("tokenizer.json"));
    Files.delete(copy.resolve("generation_config.json"));
    assertThat(CheckpointInspection.of(copy, MACHINE).generation()).isNull();
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> CheckpointInspection.of(folder.resolve("none"), MACHINE))
        .withMessageContaining("is not a folder");
  }
}
