package io.saccade.chaos;

import io.saccade.chaos.FailurePlan.Planned;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes processes fail as planned, several at a time, but never two brokers. */
final class Saboteur implements AutoCloseable {

  private static final Duration WHOLE = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final FailurePlan plan;
  private final Consumer<Failure> onBegin;
  private final Consumer<Failure> onEnd;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Prepares it; {@link #strike} begins.
   *
   * @param onBegin told when a process is hit, its end not known
   * @param onEnd told when it is back
   */
  Saboteur(Cluster cluster, FailurePlan plan, Consumer<Failure> onBegin, Consumer<Failure> onEnd) {
    this.cluster = cluster;
    this.plan = plan;
    this.onBegin = onBegin;
    this.onEnd = onEnd;
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
    onBegin.accept(new Failure(planned.kind(), node.part(), node.name(), begin, begin));
    try {
      fail(node, planned);
      onEnd.accept(new Failure(planned.kind(), node.part(), node.name(), begin, Instant.now()));
      if (node.part() == Part.BROKER) {
        Patience.until(WHOLE, cluster::isWhole);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run is over
    } finally {
      node.giveBack();
    }
  }

  private static void fail(Node node, Planned planned) throws InterruptedException {
    switch (planned.kind()) {
      case KILL -> {
        node.kill();
        Patience.pause(planned.lasting());
        node.start();
      }
      case RESTART -> {
        node.terminate();
        node.start();
      }
      case FREEZE -> {
        node.freeze();
        Patience.pause(planned.lasting());
        node.thaw();
      }
      case EXIT -> throw new IllegalArgumentException("nobody but the process does that");
    }
  }

  /** Waits until every process is back. */
  void awaitEnd() throws InterruptedException {
    threads.shutdown();
    threads.awaitTermination(WHOLE.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
