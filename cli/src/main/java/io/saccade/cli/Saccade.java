package io.saccade.cli;

import io.saccade.bench.BenchCommand;
import io.saccade.cli.command.AnswersCommand;
import io.saccade.cli.command.AskCommand;
import io.saccade.cli.command.BrokerCommand;
import io.saccade.cli.command.ChaosCommand;
import io.saccade.cli.command.DemoCommand;
import io.saccade.cli.command.FeedsCommand;
import io.saccade.cli.command.IngestCommand;
import io.saccade.cli.command.RouterCommand;
import io.saccade.cli.command.SamplerCommand;
import io.saccade.cli.command.ServeCommand;
import io.saccade.cli.command.StandingCommand;
import io.saccade.cli.command.TopicsCommand;
import io.saccade.cli.command.WarmUpCommand;
import io.saccade.cli.command.WorkerCommand;
import io.saccade.cli.command.model.ModelCommand;
import io.saccade.cli.command.video.VideoCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command {@code saccade}: its subcommands, and the options that all of them share. */
@Command(
    name = "saccade",
    description = "Answers questions about videos over Kafka.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Saccade.Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nSettings:%n",
    footer = {
      "  Every --long-option can also be set in the file that --config names, as"
          + " 'long-option=value', or in the environment, as SACCADE_LONG_OPTION. A flag overrides"
          + " the file, the file overrides the environment. Kafka client settings: --kafka"
          + " key=value, 'kafka.key=value' in the file, SACCADE_KAFKA_KEY (dots as underscores) in"
          + " the environment."
    },
    subcommands = {
      DemoCommand.class,
      AskCommand.class,
      ServeCommand.class,
      BrokerCommand.class,
      RouterCommand.class,
      SamplerCommand.class,
      WorkerCommand.class,
      TopicsCommand.class,
      IngestCommand.class,
      StandingCommand.class,
      AnswersCommand.class,
      FeedsCommand.class,
      VideoCommand.class,
      ModelCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      WarmUpCommand.class
    })
final class Saccade implements Runnable {

  /** The least severe events that are logged. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    /** Includes the Kafka clients' and the engine's own events. */
    DEBUG,
    TRACE
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A properties file with settings of any command.")
  @SuppressWarnings("UnusedVariable") // declared for the help text; Settings parses it first
  private Path config;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      description =
          "What is logged on standard error: error, warn, info, debug or trace. Default: info for"
              + " commands that stay up, else error.")
  private LogLevel logLevel;

  /** The log level of {@code --log-level}, or {@code otherwise} without the option. */
  LogLevel logLevel(LogLevel otherwise) {
    return logLevel == null ? otherwise : logLevel;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "the command is missing");
  }

  /** The version that the build wrote to {@code version.properties}. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
      Properties built = new Properties();
      try (InputStream file = Saccade.class.getResourceAsStream("version.properties")) {
        built.load(file);
      }
      return new String[] {"saccade " + built.getProperty("version")};
    }
  }
}
