package io.saccade.bench.scale;

import io.saccade.bus.Problems;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.Output;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade bench scale}: what more workers, feeds and load do. */
@Command(
    name = "scale",
    description = {
      "Measures how the service scales, with a simulated engine of fixed latency and everything in"
          + " this process: 'workers' (questions a second of 1, 2, 4 and 8), 'members' (what adding"
          + " and removing a worker stalls) and 'hot' (a video with many questions beside others).",
      "--feeds and --load instead follow synthetic live feeds: many, or more than the worker can"
          + " answer. Exits with 0 whatever the figures are."
    })
public final class BenchScale implements Callable<Integer> {

  /** What is measured unless feeds are asked for. */
  enum Section {
    WORKERS,
    MEMBERS,
    HOT
  }

  @Mixin private Output output;

  @Option(
      names = "--section",
      paramLabel = "NAME",
      split = ",",
      description = "workers, members, hot; may be repeated. Default: all of them.")
  private final Set<Section> sections = new LinkedHashSet<>();

  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8",
      description = "Numbers of workers, the first is the yardstick. Default: ${DEFAULT-VALUE}")
  private List<Integer> workers;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description = "Of the simulated engine. Default: ${DEFAULT-VALUE}")
  private Duration latency;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "15",
      description = "How long each measurement of a section takes. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "classic",
      description =
          "How workers share partitions: classic (cooperative-sticky) or consumer, the broker's own."
              + " Default: ${DEFAULT-VALUE}")
  private String protocol;

  @Option(
      names = "--feeds",
      paramLabel = "N",
      defaultValue = "0",
      description = "Follow so many live feeds through one sampler and one router.")
  private int feeds;

  @Option(
      names = "--load",
      paramLabel = "X",
      defaultValue = "0",
      description = "Offer X times the windows that the worker can answer, then half of them.")
  private double load;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How long feeds are followed, or the load is too high. Default: ${DEFAULT-VALUE}")
  private double minutes;

  @Override
  public Integer call() throws Exception {
    check();
    ScaleFigures figures = new ScaleFigures(output);
    Duration time = Duration.ofMillis((long) (minutes * 60_000));
    if (feeds > 0) {
      new ScaleFeeds(figures, feeds, time).run();
    }
    if (load > 0) {
      new ScaleLoad(figures, load, latency, time).run();
    }
    if (feeds == 0 && load == 0) {
      for (Section section : sections.isEmpty() ? Set.of(Section.values()) : sections) {
        run(section, figures);
      }
    }
    return ExitCode.OK;
  }

  private void run(Section section, ScaleFigures figures) throws Exception {
    Duration time = Duration.ofSeconds(seconds);
    switch (section) {
      case WORKERS -> new ScaleWorkers(figures, workers, latency, time, protocol).run();
      case MEMBERS -> new ScaleMembers(figures, time, protocol).run();
      case HOT -> new ScaleHotVideo(figures, latency, time, protocol).run();
    }
  }

  private void check() {
    new Problems()
        .unless(
            workers.stream().allMatch(n -> n >= 1 && n <= ScaleBus.PARTITIONS),
            "workers",
            workers,
            "must be 1 to " + ScaleBus.PARTITIONS + " each")
        .unless(latency.toMillis() >= 1, "latency", latency, "must be at least 1 ms")
        .unless(seconds >= 1, "seconds", seconds, "must be at least 1")
        .unless(minutes > 0, "minutes", minutes, "must be above 0")
        .unless(feeds >= 0 && feeds <= 10_000, "feeds", feeds, "must be 0 to 10000")
        .unless(load >= 0 && load <= 100, "load", load, "must be 0 to 100")
        .unless(
            protocol.equals("classic") || protocol.equals("consumer"),
            "protocol",
            protocol,
            "must be classic or consumer")
        .throwIfAny("bench");
  }
}
