package io.saccade.cli.command;

import io.saccade.bus.ConfigException;
import io.saccade.chaos.Chaos;
import io.saccade.chaos.ChaosConfig;
import io.saccade.chaos.ChaosReport;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
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

/** {@code saccade chaos}: tests that no answer is lost or doubled when processes fail. */
@Command(
    name = "chaos",
    description = {
      "Starts three brokers, two samplers, two routers and three workers (with a simulated engine)"
          + " as separate processes, asks questions, and meanwhile kills, freezes and restarts one"
          + " process after the other, at most one broker at a time.",
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
          "Failures, one every 2 to 5 s: SIGKILL, SIGSTOP for longer than the session timeout, or"
              + " SIGTERM. Default: ${DEFAULT-VALUE}")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The same seed gives the same questions and failures. Default: a random seed, which the"
              + " report names")
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
      description = "Partitions of each topic that is keyed by video. Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description = "The latency of the simulated engine. Default: ${DEFAULT-VALUE}")
  private Duration latency;

  @Option(
      names = "--clips",
      paramLabel = "DIR",
      description = "A folder of .mp4 files. Default: the shipped clips")
  private Path clips;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "An empty folder for the processes' data and logs. Default: a temporary folder")
  private Path data;

  @Option(
      names = "--keep-data",
      description = "Keep data and logs. Without it, the logs are kept only if a check failed.")
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
            clips == null ? DemoFiles.demoClips() : clips,
            folder,
            DemoFiles.MAIN_CLASS);
    requireEmpty(folder);
    try (Lifecycle lifecycle = new Lifecycle()) {
      AutoCloseable afterwards = () -> clean(config); // also on Ctrl-C
      lifecycle.add(afterwards);
      Chaos chaos = lifecycle.add(new Chaos(config, this::progress));
      ChaosReport report = chaos.run();
      new ChaosPrinter(output).print(report);
      sound = report.isSound();
    }
    return sound ? ExitCode.OK : ExitCode.FAILED;
  }

  /** Refuses a folder with files, since the folder is deleted afterwards. */
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

  /** The path of a new folder, which is created only once the settings have been checked. */
  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"), "saccade-chaos-" + UUID.randomUUID());
  }

  /** Prints progress on standard error, since it is not a result. */
  private void progress(String line) {
    spec.commandLine().getErr().println(line);
  }

  private void clean(ChaosConfig config) throws IOException {
    if (!Files.exists(config.folder())) {
      return;
    }
    if (keep) {
      progress("data and logs are in " + config.folder());
      return;
    }
    if (Files.exists(config.data())) {
      new TemporaryFolder(config.data()).close();
    }
    if (sound) {
      new TemporaryFolder(config.folder()).close();
    } else {
      progress("the processes' logs are in " + config.logs());
    }
  }
}
