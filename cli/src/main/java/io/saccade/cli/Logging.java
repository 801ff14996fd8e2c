package io.saccade.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.saccade.cli.Saccade.LogLevel;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Configures the log: one line for each event on standard error, {@code time level logger message};
 * Saccade's own messages are {@code key=value} pairs. It is configured in code, because reading
 * Logback's XML would take a fifth of a second at every start.
 *
 * <p>Public for Logback's service loader only.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  /** Messages contain ids from outside: a line break in an id must not begin a new line. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %replace(%msg){'[\\r\\n]+', ' '}%n";

  /** Loggers of libraries whose warnings are of use only in the search for a fault. */
  private static final List<String> VERBOSE = List.of("org.apache.kafka", "kafka", "state.change");

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    context.getLogger("ROOT").addAppender(console);
    apply(context, LogLevel.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Sets the level of Saccade's own loggers. Libraries log at info if it is debug or trace, else
   * only warnings and errors.
   */
  static void apply(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(context, level);
    }
  }

  private static void apply(LoggerContext context, LogLevel level) {
    boolean debugging = level.compareTo(LogLevel.DEBUG) >= 0;
    context.getLogger("ROOT").setLevel(debugging ? Level.INFO : Level.WARN);
    VERBOSE.forEach(name -> context.getLogger(name).setLevel(debugging ? Level.INFO : Level.ERROR));
    // A refused login is an error of this class; the command reports it itself, in one line.
    context
        .getLogger("org.apache.kafka.clients.NetworkClient")
        .setLevel(debugging ? Level.INFO : Level.OFF);
    context.getLogger("io.saccade").setLevel(Level.toLevel(level.name()));
  }
}
