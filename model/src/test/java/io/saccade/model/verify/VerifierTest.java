package io.saccade.model.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.TensorsFile;
import io.saccade.model.TestData;
import io.saccade.model.VideoModel;
import io.saccade.model.config.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pinned vectors: what the public code computes, this model computes. */
class VerifierTest {
  private static VideoModel model;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = VideoModel.load(TestData.randomCheckpoint(), TestData.OPTIONS);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void agreesWithARandomModel() {
    Verification verification = Verifier.verify(model, TestData.randomCase());
    assertThat(verification.rows()).allMatch(Verification.Row::agrees);
    assertThat(verification.rows())
        .extracting(Verification.Row::name)
        .containsExactly(
            "vision",
            "projected",
            "slow_tokens",
            "fast_tokens",
            "input_ids",
            "inputs_embeds",
            "prefill_logits",
            "prefill_logits_gate_closed",
            "generated_reference_ids",
            "generated_reference_logits",
            "generated_all_text_ids",
            "generated_all_text_logits");
    assertThat(verification.skipped()).isEmpty();
    assertThat(verification.passed()).isTrue();
  }

  @Test
  void agreesWithTheTrainedModelInEachLayer() {
    try (VideoModel trained = VideoModel.load(TestData.demoCheckpoint(), TestData.OPTIONS)) {
      Verification verification = Verifier.verify(trained, TestData.demoCase());
      assertThat(verification.passed()).isTrue();
      assertThat(verification.rotaryFrequencies()).isEqualTo("F32");
      assertThat(verification.rows())
          .extracting(Verification.Row::name)
          .contains("hidden_00", "hidden_04");
    }
  }

  @Test
  void noticesWhatDiffers() throws IOException {
    Path altered = folder.resolve("case.safetensors");
    TensorsFile.of(TestData.randomCase())
        .negate("fast_tokens")
        .put("generated_all_text_ids", "I64", List.of(2L), longs(5, 6))
        .put("prefill_logits", "F32", List.of(1L), new byte[4])
        .put("made_up", "F32", List.of(1L), new byte[4])
        .write(altered);

    Verification verification = Verifier.verify(model, altered);

    assertThat(verification.passed()).isFalse();
    assertThat(verification.skipped()).containsExactly("made_up");
    assertThat(
            verification.rows().stream().filter(row -> !row.agrees()).map(Verification.Row::name))
        .containsExactly(
            "fast_tokens", "prefill_logits", "generated_all_text_ids", "generated_all_text_logits");
    assertThat(row(verification, "prefill_logits").remark())
        .isEqualTo("600 elements were computed");
    assertThat(row(verification, "generated_all_text_ids").remark())
        .startsWith("computed [166, 133]");
    assertThat(row(verification, "fast_tokens").maxAbsoluteDifference()).isPresent();
  }

  @Test
  void noticesWeightsThatDiffer() {
    Path changed = TestData.copy(TestData.randomCheckpoint(), folder.resolve("model"));
    Path weights = changed.resolve("model.safetensors");
    TensorsFile.of(weights)
        .negate("model.layers.2.self_attn.cross_attn_kv_proj.weight")
        .write(weights);
    try (VideoModel other = VideoModel.load(changed, TestData.OPTIONS)) {
      Verification verification = Verifier.verify(other, TestData.randomCase());
      assertThat(verification.passed()).isFalse();
      assertThat(row(verification, "prefill_logits_gate_closed").agrees()).isTrue();
      assertThat(row(verification, "prefill_logits").agrees()).isFalse();
    }
  }

  @Test
  void refusesCasesThatAreNone() throws IOException {
    Path none =
        new TensorsFile().put("x", "U8", List.of(1L), new byte[1]).write(folder.resolve("none"));
    Path flat =
        new TensorsFile()
            .put("frames", "U8", List.of(1L), new byte[1])
            .write(folder.resolve("flat"));
    Path ids =
        TensorsFile.of(TestData.randomCase())
            .put("input_ids", "I64", List.of(2L), longs(-200, 600))
            .write(folder.resolve("ids"));
    Path prompt = TensorsFile.of(TestData.randomCase()).write(folder.resolve("prompt.safetensors"));
    Files.writeString(folder.resolve("prompt.json"), "{\"conversation\":[7]}");
    for (Path file : List.of(none, flat, ids, prompt)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> Verifier.verify(model, file))
          .withMessageContaining(file.getFileName().toString().replace(".safetensors", ""));
    }
  }

  /** Every reference case there is, each with the checkpoint beside it. */
  @Test
  void agreesWithAllSharedVectors() throws IOException {
    Path shared = TestData.shared();
    try (Stream<Path> folders = Files.list(shared.resolve("vectors"))) {
      for (Path vectors :
          folders.filter(path -> Files.isDirectory(path.resolve("checkpoint"))).toList()) {
        assertAllAgree(vectors.resolve("checkpoint"), vectors);
      }
    }
    assertAllAgree(shared.resolve("demo/checkpoint"), shared.resolve("demo/vectors"));
  }

  private static void assertAllAgree(Path checkpoint, Path cases) throws IOException {
    try (VideoModel loaded = VideoModel.load(checkpoint, TestData.OPTIONS);
        Stream<Path> files = Files.list(cases)) {
      List<Path> vectors = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
      assertThat(vectors).isNotEmpty();
      for (Path vector : vectors) {
        Verification verification = Verifier.verify(loaded, vector);
        assertThat(verification.rows())
            .as("%s", vector)
            .isNotEmpty()
            .allMatch(Verification.Row::agrees);
        assertThat(verification.skipped()).as("%s", vector).isEmpty();
      }
    }
  }

  private static Verification.Row row(Verification verification, String name) {
    return verification.rows().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }
}
