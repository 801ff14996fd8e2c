package io.saccade.bus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what Kafka did not acknowledge, after a while and on a thread of its own: a producer
 * whose broker is away keeps whoever calls it waiting. May be used from any thread.
 */
final class PublishRetry implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PublishRetry.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String role;
  private final ScheduledThreadPoolExecutor thread;

  PublishRetry(String role) {
    this.role = role;
    this.thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, role + "-repeats"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Whether a repeat would fail for the same reason. */
  static boolean isLasting(Throwable failure) {
    Throwable reason =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return reason instanceof RecordTooLargeException
        || reason instanceof SerializationException
        || reason instanceof InvalidTopicException;
  }

  /** Does something in a while, unless this is closed before. */
  void later(Runnable effect, Throwable failure) {
    log.warn("event=publish_failed role={} reason=\"{}\"", role, failure.toString());
    try {
      var unused = thread.schedule(effect, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("event=publish_given_up role={}", role);
    }
  }

  /** Calls an effect until it succeeds, or this is closed. */
  CompletionStage<Void> insist(Supplier<? extends CompletionStage<?>> effect) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    insist(effect, done);
    return done;
  }

  private void insist(Supplier<? extends CompletionStage<?>> effect, CompletableFuture<Void> done) {
    var unused =
        effect
            .get()
            .whenComplete(
                (result, failure) -> {
                  if (failure == null) {
                    done.complete(null);
                  } else if (isLasting(failure)) {
                    done.completeExceptionally(failure);
                  } else {
                    later(() -> insist(effect, done), failure);
                  }
                });
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
