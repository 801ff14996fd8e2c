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
 * The values of options that have no flag on the command line: those of the properties file, else
 * those of the environment.
 *
 * <p>The option {@code --topic-prefix} is {@code topic-prefix} in the file and {@code
 * SACCADE_TOPIC_PREFIX} in the environment. Kafka client settings have a prefix of their own:
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
   * Reads the properties file that {@code args} or the environment names, if one of them does.
   *
   * @param args the arguments of the command line
   * @param environment environment variables; those that begin with {@code SACCADE_} are settings
   * @param commands the root of all commands, whose options the file may set
   * @throws ConfigException if the file cannot be read or sets an option that no command has
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

  /** The settings that a command line was given; empty if it has none. */
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

  /** The Kafka client settings of the environment and the file, which overrides it. */
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

  /** The option that must be parsed before the others, since it names where they are set. */
  @Command(name = "saccade")
  private static final class FileOption {
    @Option(names = "--config")
    private String config;
  }
}
