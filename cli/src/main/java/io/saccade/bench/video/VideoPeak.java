package io.saccade.bench.video;

import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Not for users: samples one file and prints the most memory that this process ever held. The bench
 * starts it as a process of its own, whose figure nothing else can have raised.
 */
@Command(name = "video-peak", hidden = true, description = "Samples a file and prints its peak.")
public final class VideoPeak implements Callable<Integer> {

  private static final String PEAK = "VmHWM:";
  private static final double KIB_PER_MIB = 1024;

  @Mixin private VideoSpec spec;
  @Mixin private Output output;

  @Parameters(paramLabel = "FILE")
  private Path file;

  @Override
  public Integer call() throws Exception {
    new VideoComparison(spec.spec(), 1).sampleSparsely(file);
    output.print(Double.toString(peakMib()));
    return ExitCode.OK;
  }

  private static double peakMib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(text -> text.startsWith(PEAK)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB;
    }
  }

  /**
   * Peak resident memory in MiB of a process, with the options of this one, that takes the frames
   * of one file sparsely and holds them.
   */
  static double of(Path file, VideoSpec spec) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(DemoFiles.MAIN_CLASS, "bench", "video-peak"));
    command.addAll(spec.arguments());
    command.add(file.toAbsolutePath().toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String peak = out.readLine();
      if (process.waitFor() != ExitCode.OK || peak == null) {
        throw new IllegalStateException("the process that measures memory failed");
      }
      return Double.parseDouble(peak);
    } finally {
      process.destroy();
    }
  }
}
