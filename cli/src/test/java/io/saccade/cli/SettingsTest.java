package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import io.saccade.bus.ConfigException;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class SettingsTest {

  @TempDir private Path dir;

  @Test
  void withoutAnySettingDefaultsHold() {
    BusConfig config = parse(Map.of());

    assertThat(config).isEqualTo(BusConfig.of("localhost:9092"));
  }

  @Test
  void aFlagWinsOverTheFileAndTheFileOverTheEnvironment() throws IOException {
    String file = write("bootstrap-servers = file:1", "topic-prefix=file.");
    Map<String, String> environment =
        Map.of("SACCADE_BOOTSTRAP_SERVERS", "env:1", "SACCADE_TOPIC_PREFIX", "env.");

    assertThat(parse(environment).bootstrapServers()).isEqualTo("env:1");
    assertThat(parse(environment, "--config", file).bootstrapServers()).isEqualTo("file:1");
    BusConfig flag = parse(environment, "--config=" + file, "--bootstrap-servers", "flag:1");
    assertThat(flag.bootstrapServers()).isEqualTo("flag:1");
    assertThat(flag.topicPrefix()).isEqualTo("file.");
  }

  @Test
  void theEnvironmentCanNameTheFile() throws IOException {
    String file = write("topic-prefix=there.");

    assertThat(parse(Map.of("SACCADE_CONFIG", file)).topicPrefix()).isEqualTo("there.");
  }

  @Test
  void kafkaSettingsComeFromAllThree() throws IOException {
    String file = write("kafka.security.protocol=SSL", "kafka.client.id=file");

    BusConfig config =
        parse(
            Map.of("SACCADE_KAFKA_CLIENT_RACK", "env", "SACCADE_KAFKA_CLIENT_ID", "env"),
            "--config",
            file,
            "--kafka",
            "sasl.jaas.config=a b=\"c,d\";",
            "--kafka",
            "retries=7");

    assertThat(config.kafka())
        .containsOnly(
            Map.entry("security.protocol", "SSL"),
            Map.entry("client.id", "file"),
            Map.entry("client.rack", "env"),
            Map.entry("sasl.jaas.config", "a b=\"c,d\";"),
            Map.entry("retries", "7"));
  }

  @Test
  void anUnknownKeyFailsWithTheNearestKnownOneOfAnyCommand() throws IOException {
    String file = write("botstrap-servers=a:1", "partition=4", "port=9092", "kafka.x=1");

    assertThatThrownBy(() -> Settings.load(args("--config", file), Map.of(), Main.commandLine()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("botstrap-servers: no such setting; did you mean bootstrap-servers?")
        .hasMessageContaining("partition: no such setting; did you mean partitions?")
        .hasMessageNotContaining("kafka.x")
        .hasMessageNotContaining("port:");
  }

  @Test
  void aMissingOrBrokenFileIsAMistakeOfTheUser() throws IOException {
    assertThatThrownBy(() -> parse(Map.of(), "--config", dir.resolve("none").toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none is not a properties file");
    Path latin = Files.write(dir.resolve("latin"), new byte[] {'a', '=', (byte) 0xe9});
    assertThatThrownBy(() -> parse(Map.of(), "--config", latin.toString()))
        .isInstanceOf(ConfigException.class);
    String escape = write("a=\\uXYZ");
    assertThatThrownBy(() -> parse(Map.of(), "--config", escape))
        .isInstanceOf(ConfigException.class);
  }

  private BusConfig parse(Map<String, String> environment, String... args) {
    Probe probe = new Probe();
    CommandLine line = new CommandLine(probe);
    line.setDefaultValueProvider(Settings.load(args, environment, line));
    line.parseArgs(args);
    return probe.bus.config();
  }

  private String write(String... lines) throws IOException {
    return Files.writeString(dir.resolve("saccade.properties"), String.join("\n", lines))
        .toString();
  }

  private static String[] args(String... args) {
    return args;
  }

  @Command
  private static final class Probe {
    @Mixin private BusOptions bus;

    @Option(names = "--config")
    @SuppressWarnings("UnusedVariable")
    private Path config;
  }
}
