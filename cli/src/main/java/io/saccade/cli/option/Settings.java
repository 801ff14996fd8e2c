package io.saccade.cli.option;

import io.saccade.bus.ConfigException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * What options are set to where no flag sets them: by the properties file, else by the environment.
 *
 * <p>The option {@code --topic-prefix} is {@code topic-prefix} in the file and {@code
 * SACCADE_TOPIC_PREFIX} in the environment. Kafka client settings carry a prefix of their own:
 * {@code kafka.security.protocol} and {@code SACCADE_KAFKA_SECURITY_PROTOCOL}.
 */
public final class Settings implements IDefaultValueProvider {

  private static final String ENVIRONMENT = "SACCADE_";
  private static final String KAFKA_ENVIRONMENT = ENVIRONMENT + "KAFKA_";
  private static final String KAFKA = "kafka.";

  private final Map<String, String> file;
  private final Map<String, String> environment;

  private Settings(Map<String, String> file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /**
   * Reads the file that {@code args} or the environment name, if any.
   *
   * @param commands all commands, whose options the file may set
   * @throws ConfigException if it cannot be read or sets what no command has
   */
  public static Settings load(
      String[] args, Map<String, String> environment, CommandLine commands) {
    FileOption option = new FileOption();
    new CommandLine(option)
        .setUnmatchedArgumentsAllowed(true)
        .setExpandAtFiles(false)
        .parseArgs(args);
    String name = option.config != null ? option.config : environment.get(ENVIRONMENT + "CONFIG");
    if (name == null) {
      return new Settings(Map.of(), environment);
    }
    Map<String, String> file = read(Path.of(name));
    OptionNames.of(commands).requireKnown(name, file.keySet());
    return new Settings(file, environment);
  }

  /** The settings of a command line that {@code Main} made. */
  static Settings of(CommandLine line) {
    return line.getDefaultValueProvider() instanceof Settings settings
        ? settings
        : new Settings(Map.of(), Map.of());
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = OptionNames.settingOf(option);
    String fromFile = file.get(name);
    return fromFile != null ? fromFile : environment.get(variable(name));
  }

  /** The Kafka client settings. */
  Map<String, String> kafka() {
    Map<String, String> kafka = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(KAFKA_ENVIRONMENT)) {
            String key = name.substring(KAFKA_ENVIRONMENT.length());
            kafka.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    file.forEach(
        (name, value) -> {
          if (name.startsWith(KAFKA)) {
            kafka.put(name.substring(KAFKA.length()), value);
          }
        });
    return kafka;
  }

  private static String variable(String name) {
    return ENVIRONMENT + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static Map<String, String> read(Path path) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "config", List.of(path + " is not a properties file in UTF-8 (" + e + ")"));
    }
    Map<String, String> settings = new TreeMap<>();
    properties.forEach((key, value) -> settings.put((String) key, ((String) value).strip()));
    return settings;
  }

  /** The one option that must be known before the others. */
  @Command(name = "saccade")
  private static final class FileOption {
    @Option(names = "--config")
    private String config;
  }
}
