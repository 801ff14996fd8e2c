package io.saccade.chaos;

import io.saccade.bus.Await;
import io.saccade.chaos.FailurePlan.Planned;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Makes processes fail as planned, several at a time, but never two brokers at a time, because
 * records need two of three replicas in sync.
 */
final class FaultInjector implements AutoCloseable {

  /** How long a process may take to stop, or the brokers to replicate fully again. */
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final FailurePlan plan;
  private final Events events;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Prepares the failures; {@link #injectNext} begins each.
   *
   * @param events notified when a failure begins and ends
   */
  FaultInjector(Cluster cluster, FailurePlan plan, Events events) {
    this.cluster = cluster;
    this.plan = plan;
    this.events = events;
  }

  /**
   * Begins the next failure that is possible now.
   *
   * @return false if none is: too few processes are up, or the brokers are not fully replicated
   */
  boolean injectNext() throws InterruptedException {
    boolean brokers =
        free(Part.BROKER).size() == Part.BROKER.nodes() && cluster.isFullyReplicated();
    Optional<Planned> possible =
        plan.poll(part -> part == Part.BROKER ? brokers : !free(part).isEmpty());
    if (possible.isEmpty()) {
      return false;
    }
    Planned next = possible.get();
    List<Node> free = free(next.part());
    Node node = free.get((int) (next.choice() * free.size()));
    if (!node.reserve()) {
      throw new IllegalStateException(node.name() + " was reserved by another thread");
    }
    threads.execute(() -> inject(node, next));
    return true;
  }

  private List<Node> free(Part part) {
    return cluster.nodes().stream().filter(n -> n.part() == part && n.isFree()).toList();
  }

  private void inject(Node node, Planned planned) {
    Instant begin = Instant.now();
    events.began(new Failure(planned.kind(), node.part(), node.name(), begin, begin));
    try {
      if (!fail(node, planned)) {
        events.problem("%s did not %s as planned".formatted(node.name(), planned.kind().label()));
      }
      events.ended(new Failure(planned.kind(), node.part(), node.name(), begin, Instant.now()));
      if (node.part() == Part.BROKER
          && !Await.until(RECOVERY_TIMEOUT, cluster::isFullyReplicated)) {
        events.problem(
            "the brokers were not fully replicated %d s after %s was back"
                .formatted(RECOVERY_TIMEOUT.toSeconds(), node.name()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run was closed
    } catch (UncheckedIOException e) {
      events.problem(String.valueOf(e.getMessage()));
    } finally {
      node.release();
    }
  }

  /**
   * Makes the process fail and starts or continues it again; false if that did not go as planned.
   */
  private static boolean fail(Node node, Planned planned) throws InterruptedException {
    return switch (planned.kind()) {
      case KILL -> {
        node.kill();
        Await.pause(planned.lasting());
        node.start();
        yield true;
      }
      case RESTART -> {
        boolean clean = node.terminate();
        node.start();
        yield clean;
      }
      case FREEZE -> {
        // Retried, because the process may have ended by itself and be starting.
        boolean frozen = Await.until(RECOVERY_TIMEOUT, node::freeze);
        Await.pause(planned.lasting());
        yield node.thaw() && frozen;
      }
      case EXIT -> throw new IllegalArgumentException("a process exits by itself only");
    };
  }

  /** Waits until every process is back. */
  void awaitEnd() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(RECOVERY_TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS)) {
      events.problem("not every process was back in time");
    }
  }

  /** Interrupts the failures in progress. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
