package io.saccade.chaos;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts commands of the installation that this process runs from, each in a process of its own.
 *
 * @param mainClass the name of the class whose main method runs a command line
 */
record Installation(String mainClass) {

  /** The JVM options that the launcher uses for long-running commands. */
  private static final List<String> JVM =
      List.of(
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-CreateCoredumpOnCrash",
          "-Dai.djl.offline=true");

  private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=";

  /**
   * Prefix of the environment variables with a user's settings, which must not reach the service.
   */
  private static final String SETTINGS = "SACCADE_";

  /**
   * Starts a command.
   *
   * @param heapMib largest heap, in MiB
   * @param log file that its output is appended to
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
    // In the environment, because the class path would make the command line unreadable.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
