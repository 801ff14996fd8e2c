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
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The one place that turns an exception into a line for the user and an exit code. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return print(e, e.getCommandLine().getErr());
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    return print(e, line.getErr());
  }

  /** Prints the line and returns the exit code. */
  int print(Throwable thrown, PrintWriter err) {
    Throwable cause = unwrapped(thrown);
    err.println("saccade: " + oneLine(message(cause)));
    err.flush();
    if (!isExpected(cause)) {
      // Only looked for by whoever asks for it: a trace helps no user.
      LoggerFactory.getLogger(ErrorReport.class).debug("unexpected", cause);
    }
    return isUsage(cause) ? ExitCode.USAGE : ExitCode.FAILED;
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
