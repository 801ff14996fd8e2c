package io.saccade.chaos;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts commands of the very installation that this process runs from, each as a process of its
 * own.
 *
 * @param mainClass the name of the class whose main method runs a command line
 */
record Installation(String mainClass) {

  /** As the launcher has them for commands that stay up. */
  private static final List<String> JVM =
      List.of(
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-CreateCoredumpOnCrash",
          "-Dai.djl.offline=true");

  private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=";

  /** A user's settings are not for this service. */
  private static final String SETTINGS = "SACCADE_";

  /**
   * Starts a command.
   *
   * @param heapMib its most heap, in MiB
   * @param log what it prints is added here
   */
  Process start(int heapMib, List<String> args, File log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMib + "m");
    command.addAll(JVM);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith(ARCHIVE_OPTION))
        .forEach(command::add);
    command.add("-XX:ErrorFile=" + log.getParentFile().toPath().resolve("crash-%p.log"));
    command.add(mainClass);
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith(SETTINGS));
    // By the environment, as the class path is longer than a line that one would read.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
