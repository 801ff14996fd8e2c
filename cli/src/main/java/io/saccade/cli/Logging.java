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
 * The log: one line an event on standard error, {@code time level logger message}, where our own
 * messages are {@code key=value} pairs. Set up in code, because Logback's XML costs a fifth of a
 * second at every start.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  /** Ids come from outside: a line break in one must not make a line of its own. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %replace(%msg){'[\\r\\n]+', ' '}%n";

  /** Libraries whose warnings are about their own affairs, unless somebody looks for a fault. */
  private static final List<String> CHATTY = List.of("org.apache.kafka", "kafka", "state.change");

  /** Found by Logback through the service loader. */
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

  /** Logs from this level on: ours as asked, libraries only when it is about finding a fault. */
  static void apply(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(context, level);
    }
  }

  private static void apply(LoggerContext context, LogLevel level) {
    boolean fault = level.compareTo(LogLevel.DEBUG) >= 0;
    context.getLogger("ROOT").setLevel(fault ? Level.INFO : Level.WARN);
    CHATTY.forEach(name -> context.getLogger(name).setLevel(fault ? Level.INFO : Level.ERROR));
    // Whoever is not let in says so himself, in a line.
    context
        .getLogger("org.apache.kafka.clients.NetworkClient")
        .setLevel(fault ? Level.INFO : Level.OFF);
    context.getLogger("io.saccade").setLevel(Level.toLevel(level.name()));
  }
}
