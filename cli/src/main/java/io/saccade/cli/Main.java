package io.saccade.cli;

import io.saccade.cli.Saccade.LogLevel;
import io.saccade.cli.command.Service;
import io.saccade.cli.option.ByteSize;
import io.saccade.cli.option.Durations;
import io.saccade.cli.option.Settings;
import io.saccade.proto.FrameEncoding;
import io.saccade.video.SamplingPolicy;
import io.saccade.video.access.AddressBlock;
import io.saccade.video.access.HostRule;
import io.saccade.video.access.ListenRule;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Runs one command and ends the process with its exit code.
 *
 * <p>See decision 2 in {@code docs/decisions.md} for the name of the package and its folder.
 */
public final class Main {

  private Main() {}

  /** Runs the command in {@code args}. */
  public static void main(String[] args) {
    int code =
        run(
            args,
            System.getenv(),
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    // Clients may leave threads running that are not daemon threads.
    System.exit(code);
  }

  /**
   * Runs the command in {@code args} in this process.
   *
   * @param environment environment variables, some of which may be settings
   * @param out receives results
   * @param err receives error messages; the log goes to the process's own standard error
   * @return the exit code
   */
  static int run(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    CommandLine line = commandLine().setOut(out).setErr(err);
    ErrorReport report = new ErrorReport();
    line.setParameterExceptionHandler(report)
        .setExecutionExceptionHandler(report)
        .setExecutionStrategy(Main::execute);
    try {
      line.setDefaultValueProvider(Settings.load(args, environment, line));
    } catch (RuntimeException e) {
      return report.print(e, err);
    }
    return line.execute(args);
  }

  /** All commands, with the converters of their options' types but without settings. */
  static CommandLine commandLine() {
    return new CommandLine(new Saccade())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setExpandAtFiles(false) // a file's name may begin with @
        .setUsageHelpAutoWidth(true)
        .registerConverter(java.time.Duration.class, Durations::parse)
        .registerConverter(ByteSize.class, ByteSize::parse)
        .registerConverter(HostRule.class, HostRule::parse)
        .registerConverter(ListenRule.class, ListenRule::parse)
        .registerConverter(AddressBlock.class, AddressBlock::parse)
        .registerConverter(FrameEncoding.class, FrameEncoding::parse)
        .registerConverter(SamplingPolicy.class, SamplingPolicy::parse);
  }

  private static int execute(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
      boolean service = last.commandSpec().userObject() instanceof Service;
      Saccade root = (Saccade) parsed.commandSpec().userObject();
      Logging.apply(root.logLevel(service ? LogLevel.INFO : LogLevel.ERROR));
    }
    return new CommandLine.RunLast().execute(parsed);
  }
}
