package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.cli.local.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCommandsTest {
  private static final String DEMO = Path.of("..", "demo", "saccade-demo").toString();

  @TempDir Path folder;

  @Test
  void inspectTellsWhatAModelTakes() {
    Outcome lines = Outcome.of("model", "inspect", DEMO);
    assertThat(lines.code()).isZero();
    assertThat(lines.err()).isEmpty();
    assertThat(lines.out())
        .startsWith("saccade-demo\n")
        .contains("4 layers (hybrid: [0, 2])", "762,868 parameters", "16 frames of 96x96")
        .contains("144 slow (3x3 a frame) and 4 fast", "ends at [418, 420]", "room for");

    Outcome json = Outcome.of("model", "inspect", DEMO, "--json");
    assertThat(json.lines()).hasSize(1);
    JsonObject inspection = json(json);
    assertThat(inspection.getAsJsonObject("tokens").get("slow").getAsInt()).isEqualTo(144);
    assertThat(inspection.getAsJsonObject("memory").get("fits").getAsBoolean()).isTrue();
    assertThat(inspection.get("quantisation").isJsonNull()).isTrue();
  }

  @Test
  void quantizeWritesACopyAndSaysWhatItCost() {
    String output = folder.resolve("int4").toString();
    Outcome lines =
        Outcome.of("model", "quantize", "--model", DEMO, "--to", "int4", "--output", output);
    assertThat(lines.code()).isZero();
    assertThat(lines.lines())
        .anyMatch(line -> line.matches("up_proj +int4 +4 +[0-9.]+ +0\\.0\\d+"));
    assertThat(lines.lines().get(0)).startsWith("measured: step 0 of ").contains("91.1 % of the");
    assertThat(lines.out()).contains("which were 1.5 MB (", "8.9 % int8, 0.0 % as they were");
    assertThat(Outcome.of("model", "inspect", output).out()).contains("quantised to int4");

    Outcome again =
        Outcome.of("model", "quantize", "--model", DEMO, "--to", "int8", "--output", output);
    assertThat(again.code()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).startsWith("saccade: ").contains("is not empty").hasLineCount(1);
  }

  @Test
  void quantizePrintsJson() {
    Outcome outcome =
        Outcome.of(
            "model",
            "quantize",
            "--model",
            DEMO,
            "--to",
            "int8",
            "--keep-output-layer",
            "--others",
            "bf16",
            "--min-cosine",
            "0",
            "--json",
            "--output",
            folder.resolve("int8").toString());
    assertThat(outcome.lines()).hasSize(1);
    assertThat(json(outcome).get("bytes_before").getAsLong()).isEqualTo(1_525_736);
    assertThat(json(outcome).getAsJsonArray("kinds").get(0).getAsJsonObject().keySet())
        .containsExactly("name", "stored_as", "tensors", "bytes", "relative_error");
  }

  @Test
  void synthesizeMakesWhatInspectReads() {
    Path output = folder.resolve("frame16-random");
    Outcome made =
        Outcome.of(
            "model",
            "synthesize",
            "--like",
            DEMO,
            "--dtype",
            "int8",
            "--seed",
            "3",
            "--output",
            output.toString());
    assertThat(made.code()).isZero();
    assertThat(made.out()).endsWith("MB of random weights\n").hasLineCount(1);
    assertThat(output).isDirectoryContaining(file -> Files.isRegularFile(file));
    assertThat(Outcome.of("model", "inspect", output.toString()).out())
        .contains("762,868 parameters", "quantised to int8", "16 frames");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model | inspect, quantize, synthesize or verify",
        "model inspect | DIR",
        "model quantize --to int4 --output o | --model",
        "model quantize --model m --output o | --to",
        "model quantize --model m --to int3 --output o | int3",
        "model quantize --model m --to int4 --group 48 --output o | group is 48",
        "model quantize --model m --to int4 --min-cosine 1 --output o | min-cosine is 1.0",
        "model quantize --model m --to int4 --others f64 --output o | f64",
        "model synthesize --output o | --like",
        "model synthesize --like medium --dtype f8 --output o | type is f8",
        "model synthesize --like medium --seed x --output o | x",
      })
  void aMistakeIsOneLineAndExitCodeTwo(String args, String names) {
    Outcome outcome = Outcome.of(args.split(" "));

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).startsWith("saccade: ").contains(names).hasLineCount(1);
    assertThat(Path.of("o")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model inspect absent | absent is not a folder",
        "model quantize --model absent --to int4 --output o | absent is not a folder",
        "model synthesize --like absent --output o | absent is neither one of frame64-s1t4",
      })
  void whatIsNoCheckpointIsOneLineAndExitCodeOne(String args, String names) {
    Outcome outcome = Outcome.of(args.split(" "));

    assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).startsWith("saccade: ").contains(names).hasLineCount(1);
    assertThat(Path.of("o")).doesNotExist();
  }

  private static JsonObject json(Outcome outcome) {
    return JsonParser.parseString(outcome.out()).getAsJsonObject();
  }
}
