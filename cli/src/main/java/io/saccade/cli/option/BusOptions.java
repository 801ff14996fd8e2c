package io.saccade.cli.option;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of every command that connects to a broker. */
public class BusOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Kafka's brokers, separated by commas. Default: ${DEFAULT-VALUE}",
      defaultValue = "localhost:9092")
  private String bootstrapServers;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      description = "Prefix of the name of each topic and group. Default: ${DEFAULT-VALUE}",
      defaultValue = Topics.DEFAULT_PREFIX)
  private String topicPrefix;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "A Kafka client setting, for example security.protocol=SSL; may be repeated.")
  private final Map<String, String> kafka = new HashMap<>();

  /**
   * The settings of a client: those of the options, the file and the environment.
   *
   * @throws ConfigException if a value is not valid
   */
  public BusConfig config() {
    Map<String, String> settings = new HashMap<>(Settings.of(spec.commandLine()).kafka());
    settings.putAll(kafka);
    return new BusConfig(bootstrapServers, topicPrefix, settings);
  }
}
