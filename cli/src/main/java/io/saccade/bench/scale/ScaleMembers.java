package io.saccade.bench.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.saccade.bus.Await;
import io.saccade.cli.local.Lifecycle;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Result;
import io.saccade.worker.InferenceWorker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;

/** What a worker that comes, and one that goes, stalls. */
final class ScaleMembers {

  private static final String SECTION = "members";
  private static final int PARTITIONS = 20;
  private static final int WORKERS = 4;
  private static final Duration LATENCY = Duration.ofMillis(20);

  /** Less than half of what four workers can do. */
  private static final int QUESTIONS_A_SECOND = 80;

  private static final Duration BETWEEN = Duration.ofSeconds(1).dividedBy(QUESTIONS_A_SECOND);

  /** A partition that did not move is not to stand still for longer. */
  private static final double AIM_MILLIS = 1_000;

  private final ScaleFigures figures;
  private final Duration time;
  private final String protocol;
  private final List<Lane> lanes = IntStream.range(0, PARTITIONS).mapToObj(Lane::new).toList();
  private int asked;

  ScaleMembers(ScaleFigures figures, Duration time, String protocol) {
    this.figures = figures;
    this.time = time;
    this.protocol = protocol;
  }

  void run() throws InterruptedException {
    try (Lifecycle lifecycle = new Lifecycle()) {
      ScaleBus bench = new ScaleBus(lifecycle, PARTITIONS, ScaleBus.protocol(protocol));
      ScaleRequests requests = new ScaleRequests(lifecycle, bench.bus());
      bench.tail(Topics.RESULTS, this::answered);
      for (int i = 1; i <= WORKERS; i++) {
        var unused = bench.worker("worker-" + i, LATENCY);
      }
      bench.awaitWorkers(WORKERS);
      ask(requests); // warms up
      phase("as they are", requests);
      CompletableFuture<InferenceWorker> coming =
          CompletableFuture.supplyAsync(() -> bench.worker("worker-5", LATENCY));
      phase("one comes", requests);
      InferenceWorker fifth = coming.join();
      bench.awaitWorkers(WORKERS + 1);
      CompletableFuture<Void> going = CompletableFuture.runAsync(fifth::close);
      phase("one goes", requests);
      going.join();
    }
  }

  private void phase(String what, ScaleRequests requests) throws InterruptedException {
    lanes.forEach(Lane::begin);
    ask(requests);
    List<Lane> stayed = lanes.stream().filter(Lane::stayed).toList();
    List<Lane> moved = lanes.stream().filter(lane -> !lane.stayed()).toList();
    figures.print(SECTION, what + ": partitions that moved", moved.size());
    figures.atMost(
        SECTION, what + ": longest stall of one that did not, ms", longest(stayed), AIM_MILLIS);
    if (!moved.isEmpty()) {
      figures.print(SECTION, what + ": longest stall of one that did, ms", longest(moved));
    }
  }

  private static double longest(List<Lane> lanes) {
    return lanes.stream().mapToDouble(Lane::longestMillis).max().orElse(0);
  }

  /** Questions at an even pace, each partition in its turn. */
  private void ask(ScaleRequests requests) throws InterruptedException {
    long begin = System.nanoTime();
    long count = time.dividedBy(BETWEEN);
    for (long i = 0; i < count; i++) {
      Lane lane = lanes.get(asked % PARTITIONS);
      lane.asked();
      requests.ask(lane.video, "question-" + asked++);
      long due = begin + (i + 1) * BETWEEN.toNanos();
      Await.pause(Duration.ofNanos(due - System.nanoTime()));
    }
  }

  private void answered(Result result) {
    int partition =
        Utils.toPositive(Utils.murmur2(result.getVideoId().getBytes(UTF_8))) % PARTITIONS;
    lanes.get(partition).answered(result.getWorker());
  }

  /** A partition: how long it stands still while something waits in it. */
  private static final class Lane {

    private final String video;
    private final Set<String> workers = new HashSet<>();
    private String last;
    private int open;
    private long since;
    private long longest;

    Lane(int partition) {
      this.video = ScaleBus.videoIn(partition, PARTITIONS);
    }

    synchronized void begin() {
      workers.clear();
      if (last != null) {
        workers.add(last);
      }
      longest = 0;
    }

    synchronized void asked() {
      if (open++ == 0) {
        since = System.nanoTime();
      }
    }

    synchronized void answered(String worker) {
      long now = System.nanoTime();
      longest = Math.max(longest, now - since);
      since = now;
      open--;
      workers.add(worker);
      last = worker;
    }

    synchronized boolean stayed() {
      return workers.size() == 1;
    }

    synchronized double longestMillis() {
      long now = open > 0 ? System.nanoTime() - since : 0;
      return Math.max(longest, now) / 1e6;
    }
  }
}
