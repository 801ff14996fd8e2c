package io.saccade.bench.scale;

import io.saccade.bus.Await;
import io.saccade.cli.local.Lifecycle;
import io.saccade.ingest.BusCheck;
import io.saccade.proto.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Many live feeds for minutes: what grows? */
final class ScaleFeeds {

  private static final String SECTION = "feeds";
  private static final Duration WINDOW = Duration.ofSeconds(5);
  private static final Duration LATENCY = Duration.ofMillis(5);
  private static final Duration FRESHNESS = Duration.ofSeconds(30);

  /** Looks; the first third warms up, the second is held against the third. */
  private static final int LOOKS = 30;

  /** Flat is what grows by less. */
  private static final double FLAT_PERCENT = 10;

  private static final double MIB = 1 << 20;

  private final ScaleFigures figures;
  private final int feeds;
  private final Duration time;
  private final ScaleWindows windows = new ScaleWindows(ScaleLive.STANDING, WINDOW);

  ScaleFeeds(ScaleFigures figures, int feeds, Duration time) {
    this.figures = figures;
    this.feeds = feeds;
    this.time = time;
  }

  /**
   * A look at the process.
   *
   * @param heap MiB that were used after the last full collection
   * @param rss MiB resident
   * @param lag records that router and worker have not taken yet
   */
  private record Look(double heap, double rss, double lag, double threads) {}

  void run() throws IOException, ExecutionException, InterruptedException {
    List<Look> looks = new ArrayList<>();
    try (Lifecycle lifecycle = new Lifecycle()) {
      ScaleLive live = new ScaleLive(lifecycle, feeds, WINDOW, LATENCY);
      Admin admin = lifecycle.add(BusCheck.connect(live.bus()));
      live.tail(Topics.CLIPS, windows::clip);
      live.tail(Topics.ANSWERS, windows::answer);
      live.ask(FRESHNESS);
      live.add(0, feeds);
      live.awaitFollowing(feeds);
      for (int i = 0; i < LOOKS; i++) {
        Await.pause(time.dividedBy(LOOKS));
        looks.add(look(admin, live));
        print(i + 1, looks.get(i));
      }
      figures.none(SECTION, "windows dropped", live.sampler().feedStatistics().droppedWindows());
      live.remove(0, feeds);
      live.awaitFollowing(0);
      windows.awaitAnswers(FRESHNESS.plus(WINDOW));
      windows.print(figures, SECTION, live::withdrawn, live.printSkipped(figures, SECTION));
    }
    growth("heap", looks.stream().mapToDouble(Look::heap).toArray());
    growth("resident", looks.stream().mapToDouble(Look::rss).toArray());
    growth("threads", looks.stream().mapToDouble(Look::threads).toArray());
    figures.atMost(
        SECTION,
        "records behind in the last third, at most",
        looks.subList(2 * LOOKS / 3, LOOKS).stream().mapToDouble(Look::lag).max().orElse(0),
        feeds);
  }

  private void print(int number, Look look) {
    figures.print(SECTION, "look %d: heap MiB".formatted(number), look.heap);
    figures.print(SECTION, "look %d: resident MiB".formatted(number), look.rss);
    figures.print(SECTION, "look %d: records behind".formatted(number), look.lag);
    figures.print(SECTION, "look %d: threads".formatted(number), look.threads);
  }

  /** By the means of the second and the last third. */
  private void growth(String what, double... values) {
    double before = mean(values, LOOKS / 3, 2 * LOOKS / 3);
    double after = mean(values, 2 * LOOKS / 3, LOOKS);
    figures.atMost(SECTION, what + " grew by %", 100 * (after / before - 1), FLAT_PERCENT);
  }

  private static double mean(double[] values, int from, int to) {
    return java.util.Arrays.stream(values, from, to).average().orElse(Double.NaN);
  }

  private static Look look(Admin admin, ScaleLive live)
      throws IOException, ExecutionException, InterruptedException {
    System.gc();
    return new Look(
        heap(),
        rss(),
        ScaleLag.of(admin, live),
        ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static double heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getCollectionUsage)
            .filter(java.util.Objects::nonNull)
            .mapToLong(java.lang.management.MemoryUsage::getUsed)
            .sum()
        / MIB;
  }

  private static double rss() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
