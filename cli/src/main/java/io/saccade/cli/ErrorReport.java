package io.saccade.cli;

import io.saccade.broker.BrokerException;
import io.saccade.bus.ConfigException;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.TerminalText;
import io.saccade.ingest.IngestException;
import io.saccade.model.config.CheckpointException;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns every exception that ends a command into one line for the user and an exit code.
 *
 * <p>Mistakes in the command line or the settings end with {@link ExitCode#USAGE}, everything else
 * with {@link ExitCode#FAILED}. An exception that no user causes is a fault of Saccade: a command
 * that stays up logs its stack trace, because what happened may not happen again; for a short
 * command the line says how to get the trace.
 */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ErrorReport.class);

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return print(e, e.getCommandLine().getErr());
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    return print(e, line.getErr());
  }

  /**
   * Prints the line for an exception.
   *
   * @return the exit code of the command
   */
  int print(Throwable thrown, PrintWriter err) {
    Throwable cause = unwrapped(thrown);
    err.println("saccade: " + oneLine(message(cause)));
    err.flush();
    if (!isExpected(cause)) {
      logTrace(thrown);
    }
    return isUsage(cause) ? ExitCode.USAGE : ExitCode.FAILED;
  }

  /** Commands that stay up log from level info on, short ones from level error on. */
  private static void logTrace(Throwable thrown) {
    if (log.isInfoEnabled()) {
      log.error("event=command_failed", thrown);
    }
  }

  private static String message(Throwable e) {
    if (e instanceof ParameterException parameter) {
      return parameter.getMessage() + usageHint(parameter);
    }
    if (isExpected(e)) {
      return e.getMessage();
    }
    String detail =
        e instanceof KafkaException ? "Kafka says: " : e.getClass().getSimpleName() + ": ";
    return detail + e.getMessage() + " (for the details, repeat with --log-level debug)";
  }

  private static String usageHint(ParameterException e) {
    return " (see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
  }

  private static boolean isUsage(Throwable e) {
    return e instanceof ParameterException
        || e instanceof ConfigException
        || e instanceof IllegalArgumentException
        || e instanceof IngestException.TooLarge;
  }

  private static boolean isExpected(Throwable e) {
    return isUsage(e)
        || e instanceof BrokerException
        || e instanceof IngestException
        || e instanceof CheckpointException;
  }

  private static Throwable unwrapped(Throwable e) {
    Throwable cause = e;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String oneLine(String message) {
    return message == null ? "no reason given" : TerminalText.oneLine(message);
  }
}
