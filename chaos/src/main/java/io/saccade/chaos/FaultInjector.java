package io.saccade.chaos;

import io.saccade.bus.Await;
import io.saccade.chaos.FailurePlan.Planned;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Makes processes fail as planned, several at a time, but never two brokers. */
final class FaultInjector implements AutoCloseable {

  private static final Duration WHOLE = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final FailurePlan plan;
  private final Events events;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Prepares it; {@link #strike} begins.
   *
   * @param events told when a process is hit and when it is back
   */
  FaultInjector(Cluster cluster, FailurePlan plan, Events events) {
    this.cluster = cluster;
    this.plan = plan;
    this.events = events;
  }

  /** The next failure that is possible now begins, if one is. */
  boolean strike() throws InterruptedException {
    boolean brokers = free(Part.BROKER).size() == Part.BROKER.nodes() && cluster.isWhole();
    Planned next = plan.poll(part -> part == Part.BROKER ? brokers : !free(part).isEmpty());
    if (next == null) {
      return false;
    }
    List<Node> free = free(next.part());
    Node node = free.get((int) (next.choice() * free.size()));
    if (!node.take()) {
      throw new IllegalStateException(node.name() + " was taken by somebody else");
    }
    threads.execute(() -> hit(node, next));
    return true;
  }

  private List<Node> free(Part part) {
    return cluster.nodes().stream().filter(n -> n.part() == part && n.isFree()).toList();
  }

  private void hit(Node node, Planned planned) {
    Instant begin = Instant.now();
    events.began(new Failure(planned.kind(), node.part(), node.name(), begin, begin));
    try {
      if (!fail(node, planned)) {
        events.trouble("%s did not %s as it should".formatted(node.name(), planned.kind().label()));
      }
      events.ended(new Failure(planned.kind(), node.part(), node.name(), begin, Instant.now()));
      if (node.part() == Part.BROKER && !Await.until(WHOLE, cluster::isWhole)) {
        events.trouble(
            "the brokers were not whole again %d s after %s was back"
                .formatted(WHOLE.toSeconds(), node.name()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run is over
    } catch (UncheckedIOException e) {
      events.trouble(e.getMessage());
    } finally {
      node.giveBack();
    }
  }

  /** Whether it went as planned. */
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
        // Not at once where the process has just ended by itself and is started again.
        boolean frozen = Await.until(WHOLE, node::freeze);
        Await.pause(planned.lasting());
        yield node.thaw() && frozen;
      }
      case EXIT -> throw new IllegalArgumentException("nobody but the process does that");
    };
  }

  /** Waits until every process is back. */
  void awaitEnd() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(WHOLE.toMillis() * 2, TimeUnit.MILLISECONDS)) {
      events.trouble("not every process was back in time");
    }
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
