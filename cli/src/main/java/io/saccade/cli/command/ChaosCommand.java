package io.saccade.cli.command;

import io.saccade.bus.ConfigException;
import io.saccade.chaos.Chaos;
import io.saccade.chaos.ChaosConfig;
import io.saccade.chaos.ChaosReport;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.Shipped;
import io.saccade.cli.local.TemporaryFolder;
import io.saccade.cli.option.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code saccade chaos}: does anything get lost or doubled when processes fail? */
@Command(
    name = "chaos",
    description = {
      "Starts three brokers, two samplers, two routers and three workers (of a simulated engine) as"
          + " processes of their own, asks questions, and meanwhile kills, freezes and restarts one"
          + " after the other, at most one broker at a time.",
      "Exits with 0 only if each question got exactly one answer, the right one, and no clip was"
          + " decoded more often than the failures explain."
    })
public final class ChaosCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(
      names = "--questions",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Distinct questions; a fifth of them is published twice. Default: ${DEFAULT-VALUE}")
  private int questions;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "Failures, one every 2 to 5 s: SIGKILL, SIGSTOP until after the session timeout, or SIGTERM."
              + " Default: ${DEFAULT-VALUE}")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Chooses questions and failures, the same for the same seed. Default: a random one, which"
              + " the report names.")
  private Long seed;

  @Option(
      names = "--videos",
      paramLabel = "N",
      defaultValue = "60",
      description = "Videos that are asked about. Default: ${DEFAULT-VALUE}")
  private int videos;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "6",
      description = "Partitions of each topic that is split by video. Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description = "Of the simulated engine. Default: ${DEFAULT-VALUE}")
  private Duration latency;

  @Option(
      names = "--clips",
      paramLabel = "DIR",
      description = "A folder of .mp4 files. Default: the shipped clips.")
  private Path clips;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "An empty folder for the processes' data and logs. Default: a temporary folder.")
  private Path data;

  @Option(
      names = "--keep-data",
      description = "Leave data and logs. Without it the logs stay only when something was wrong.")
  private boolean keep;

  private volatile boolean sound;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = data == null ? temporary() : data;
    ChaosConfig config =
        new ChaosConfig(
            questions,
            kills,
            seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
            videos,
            partitions,
            latency,
            clips == null ? Shipped.demoClips() : clips,
            folder,
            Shipped.MAIN_CLASS);
    requireEmpty(folder);
    try (Lifecycle running = new Lifecycle()) {
      AutoCloseable afterwards = () -> clean(config); // also on Ctrl-C
      running.add(afterwards);
      Chaos chaos = running.add(new Chaos(config, this::tell));
      ChaosReport report = chaos.run();
      new ChaosPrinter(output).print(report);
      sound = report.isSound();
    }
    return sound ? ExitCode.OK : ExitCode.FAILED;
  }

  /** What is in there is deleted afterwards. */
  private static void requireEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
      if (files.findAny().isPresent()) {
        throw new ConfigException(
            "chaos", List.of("--data %s must be an empty folder".formatted(folder)));
      }
    }
  }

  /** Not made before the settings are known to be right. */
  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"), "saccade-chaos-" + UUID.randomUUID());
  }

  /** Progress is no result. */
  private void tell(String line) {
    spec.commandLine().getErr().println(line);
  }

  private void clean(ChaosConfig config) throws IOException {
    if (!Files.exists(config.folder())) {
      return;
    }
    if (keep) {
      tell("data and logs are in " + config.folder());
      return;
    }
    if (Files.exists(config.data())) {
      new TemporaryFolder(config.data()).close();
    }
    if (sound) {
      new TemporaryFolder(config.folder()).close();
    } else {
      tell("the processes' logs are in " + config.logs());
    }
  }
}
