package io.saccade.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
  @TempDir Path folder;

  @Test
  void isGreedyUpToTheEndOfTheTurnWithoutAFile() {
    GenerationConfig config = GenerationConfig.read(folder, 7);
    assertThat(config.endIds()).isEqualTo(Set.of(7L));
    assertThat(config.sampling(GenerationOptions.defaults())).isEqualTo(new Sampling(0, 0, 1, 1));
  }

  @Test
  void readsWhatTheFileSays() throws IOException {
    write(
        "{'eos_token_id':[3,4],'do_sample':true,'temperature':0.7,'top_p':0.8,'top_k':20,'repetition_penalty':1.05,'max_new_tokens':99}");
    GenerationConfig config = GenerationConfig.read(folder, 7);
    assertThat(config.endIds()).isEqualTo(Set.of(3L, 4L));
    assertThat(config.maxNewTokens()).hasValue(99);
    assertThat(config.sampling(GenerationOptions.defaults()))
        .isEqualTo(new Sampling(0.7, 20, 0.8, 1.05));
  }

  @Test
  void ignoresATemperatureOfGreedyDecoding() throws IOException {
    write("{'eos_token_id':3,'do_sample':false,'temperature':0.7}");
    GenerationConfig config = GenerationConfig.read(folder, 7);
    assertThat(config.endIds()).isEqualTo(Set.of(3L));
    assertThat(config.sampling(GenerationOptions.defaults()).temperature()).isZero();
  }

  @Test
  void letsARequestWin() throws IOException {
    write("{'do_sample':true,'temperature':0.7,'top_p':0.8,'top_k':20,'repetition_penalty':1.05}");
    GenerationOptions options =
        new GenerationOptions(
            DecodeMode.PROMPT,
            OptionalInt.empty(),
            OptionalDouble.of(0),
            OptionalDouble.of(1),
            OptionalInt.of(0),
            OptionalDouble.of(1),
            OptionalLong.empty(),
            List.of());
    assertThat(GenerationConfig.read(folder, 7).sampling(options))
        .isEqualTo(new Sampling(0, 0, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'eos_token_id':-1}",
        "{'eos_token_id':[]}",
        "{'eos_token_id':'x'}",
        "{'temperature':-1}",
        "{'top_p':0}",
        "{'top_k':1.5}",
        "{'do_sample':'yes'}",
        "{'max_new_tokens':0}",
        "[]",
        "{",
        ""
      })
  void refusesNonsense(String json) throws IOException {
    write(json);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> GenerationConfig.read(folder, 7))
        .withMessageContaining("generation_config.json");
  }

  private void write(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json.replace('\'', '"'));
  }
}
