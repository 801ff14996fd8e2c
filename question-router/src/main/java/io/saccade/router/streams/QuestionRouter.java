package io.saccade.router.streams;

import io.saccade.bus.ConfigException;
import io.saccade.bus.ContractProducer;
import io.saccade.bus.DeadLetters;
import io.saccade.bus.Role;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterCounters;
import io.saccade.router.RouterEvent;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The question router as a role: a Kafka Streams application with exactly-once processing. A failed
 * stream thread is replaced, up to five times in five minutes; then the role fails.
 *
 * <p>Thread-safe.
 */
public final class QuestionRouter implements Role {

  private static final Logger log = LoggerFactory.getLogger(QuestionRouter.class);

  private final RouterConfig config;
  private final Telemetry telemetry;
  private final RouterCounters counters;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final FailureBudget budget = FailureBudget.ofRouter();
  private final ContractProducer deadLetters;
  private final KafkaStreams streams;

  /** A router whose metrics and spans are not exported. */
  public QuestionRouter(RouterConfig config) {
    this(config, Telemetry.none());
  }

  /**
   * Opens the clients; nothing is read or written before {@link #start}.
   *
   * @param telemetry takes its metrics and spans
   * @throws io.saccade.bus.ConfigException if Kafka refuses the settings, or another router uses
   *     the state folder
   */
  public QuestionRouter(RouterConfig config, Telemetry telemetry) {
    this.config = config;
    this.telemetry = telemetry;
    this.counters = new RouterCounters(telemetry.metrics(MetricScope.ROUTER));
    RocksLibrary.load();
    this.deadLetters = new ContractProducer(config.bus());
    this.streams = open(config);
    Metrics metrics = telemetry.metrics(MetricScope.ROUTER);
    metrics.gauge(Metric.READY, () -> health().isReady() ? 1 : 0);
    metrics.gauge(Metric.LAG, () -> StreamsLag.of(streams.metrics()));
    streams.setUncaughtExceptionHandler(this::onFailure);
    streams.setStateListener((now, before) -> onState(now));
    streams.setGlobalStateRestoreListener(new RestoreLog(counters));
  }

  private KafkaStreams open(RouterConfig config) {
    try {
      return new KafkaStreams(
          RouterTopology.topology(config, telemetry, this::send),
          new StreamsConfig(StreamsSettings.of(config)));
    } catch (KafkaException e) {
      deadLetters.close();
      throw new ConfigException("router", List.of(e.getMessage()));
    }
  }

  /**
   * Starts the router and returns; it processes records once its stores are restored.
   *
   * @throws io.saccade.bus.ConfigException if a topic is missing or cannot be used, or the broker
   *     does not answer; the router is closed then
   */
  @Override
  public void start() {
    try {
      TopicCheck.run(config.bus());
      streams.start();
    } catch (ConfigException e) {
      close();
      throw e;
    }
  }

  /** Completes when the router has stopped, exceptionally if it failed. */
  @Override
  public CompletionStage<Void> stopped() {
    return stopped.minimalCompletionStage();
  }

  /** Counts of events since the start of the process. */
  public RouterCounters counters() {
    return counters;
  }

  /** Whether partitions are assigned and their stores restored. */
  public boolean isReady() {
    return streams.state() == State.RUNNING;
  }

  /** Ready once partitions are assigned and their stores restored. */
  @Override
  public Health health() {
    return Health.until(
        stopped,
        () -> {
          String state = "its streams are " + streams.state();
          return isReady() ? Health.ready(state) : Health.starting(state);
        });
  }

  /**
   * Finishes the records in flight, commits, leaves the consumer group, so that another router
   * takes over at once, and stops. Waits at most the configured drain grace. Idempotent.
   */
  @Override
  public void close() {
    boolean drained =
        streams.close(
            CloseOptions.timeout(config.drainGrace())
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    if (!drained) {
      log.warn("event=drain_incomplete role=router grace={}", config.drainGrace());
    }
    deadLetters.close();
    stop();
  }

  private void send(DeadLetter letter) {
    counters.add(RouterEvent.DEAD_LETTER);
    var unused =
        deadLetters
            .send(Topics.DEAD_LETTERS, DeadLetters.key(letter), letter)
            .exceptionally(
                failed -> {
                  log.warn("event=dead_letter_failed reason=\"{}\"", failed.getMessage(), failed);
                  return null;
                });
  }

  private StreamThreadExceptionResponse onFailure(Throwable thrown) {
    if (!isRefusal(thrown) && budget.allows()) {
      log.error("event=thread_replaced role=router", thrown);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    log.error("event=role_failed role=router", thrown);
    failure.compareAndSet(null, thrown);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Whether the broker refused authentication or access, which a new thread would not change. */
  private static boolean isRefusal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
        return true;
      }
    }
    return false;
  }

  private void onState(State state) {
    log.info("event=state role=router state={}", state);
    if (state == State.ERROR || state == State.NOT_RUNNING) {
      stop();
    }
  }

  private void stop() {
    Throwable cause = failure.get();
    if (cause == null) {
      stopped.complete(null);
    } else {
      stopped.completeExceptionally(cause);
    }
  }
}
