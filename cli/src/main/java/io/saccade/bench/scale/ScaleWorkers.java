package io.saccade.bench.scale;

import io.saccade.cli.local.Lifecycle;
import io.saccade.proto.Topics;
import io.saccade.worker.InferenceWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Questions a second of more and more workers that never run out of work. */
final class ScaleWorkers {

  private static final String SECTION = "workers";

  /** What is counted: not the start, and not the end, where some have nothing left to do. */
  private static final double FROM = 0.1;

  private static final double TO = 0.8;

  private final ScaleFigures figures;
  private final List<Integer> counts;
  private final Duration latency;
  private final Duration time;
  private final String protocol;

  /** When results came. */
  private final Queue<Long> times = new ConcurrentLinkedQueue<>();

  ScaleWorkers(
      ScaleFigures figures,
      List<Integer> counts,
      Duration latency,
      Duration time,
      String protocol) {
    this.figures = figures;
    this.counts = counts;
    this.latency = latency;
    this.time = time;
    this.protocol = protocol;
  }

  void run() throws InterruptedException {
    try (Lifecycle lifecycle = new Lifecycle()) {
      ScaleBus bench = new ScaleBus(lifecycle, ScaleBus.PARTITIONS, ScaleBus.protocol(protocol));
      ScaleRequests requests = new ScaleRequests(lifecycle, bench.bus());
      bench.tail(Topics.RESULTS, result -> times.add(System.nanoTime()));
      double one = 0;
      for (int count : counts) {
        double rate = measure(bench, requests, count);
        figures.print(SECTION, count + " workers, questions a second", rate);
        if (one == 0) {
          one = rate / count;
        } else {
          figures.atLeast(SECTION, count + " workers over one, times", rate / one, aim(count));
        }
      }
    }
  }

  /** 3.6 of 4 and 7 of 8. */
  private static double aim(int count) {
    return count * (count <= 4 ? 0.9 : 0.875);
  }

  private double measure(ScaleBus bench, ScaleRequests requests, int count)
      throws InterruptedException {
    List<InferenceWorker> workers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      workers.add(bench.worker(count + "." + i, latency));
    }
    bench.awaitWorkers(count);
    times.clear();
    int each = (int) Math.max(2, count * time.dividedBy(latency) / ScaleBus.PARTITIONS);
    int all = each * ScaleBus.PARTITIONS;
    try {
      ask(requests, count, each);
      Duration most = time.multipliedBy(4).plusSeconds(30);
      ScaleBus.await("all is answered", most, () -> times.size() >= all);
    } finally {
      workers.forEach(InferenceWorker::close);
    }
    return rate(List.copyOf(times));
  }

  private static void ask(ScaleRequests requests, int count, int each) {
    for (int round = 0; round < each; round++) {
      for (int partition = 0; partition < ScaleBus.PARTITIONS; partition++) {
        String video = ScaleBus.videoIn(partition, ScaleBus.PARTITIONS);
        requests.ask(video, "%d-%d-%d".formatted(count, partition, round));
      }
    }
  }

  private static double rate(List<Long> times) {
    int from = (int) (times.size() * FROM);
    int to = (int) (times.size() * TO);
    return (to - from) / ((times.get(to) - times.get(from)) / 1e9);
  }
}
