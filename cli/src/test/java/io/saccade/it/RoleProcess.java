package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A role in a JVM of its own, as an operator would run it; its log lies in {@code
 * target/it-logs/NAME.log}.
 */
final class RoleProcess implements AutoCloseable {

  private static final List<String> JVM =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true");

  private final Process process;
  private final BufferedReader out;

  private RoleProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the main class with these arguments. */
  static RoleProcess start(String name, Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.add("-Dbasedir=" + Path.of(System.getProperty("basedir", "")).toAbsolutePath());
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log(name));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("OMP_NUM_THREADS", "1");
    return new RoleProcess(builder.start());
  }

  /** Where its log lies. */
  static File log(String name) throws IOException {
    Path folder = Path.of(System.getProperty("basedir", ""), "target", "it-logs");
    return Files.createDirectories(folder).resolve(name + ".log").toFile();
  }

  /** Waits until the process prints this line. */
  void awaitLine(String expected) throws IOException {
    awaitLine(expected::equals);
  }

  /** Waits until the process prints such a line. */
  void awaitLine(Predicate<String> expected) throws IOException {
    String line;
    do {
      line = out.readLine();
      assertThat(line).as("the process ended before it printed what was expected").isNotNull();
    } while (!expected.test(line));
  }

  /** Waits until the process prints a line that begins so, and gives the rest of it. */
  String awaitLineAfter(String beginning) throws IOException {
    String line;
    do {
      line = out.readLine();
      assertThat(line).as("the process ended before it printed " + beginning).isNotNull();
    } while (!line.startsWith(beginning));
    return line.substring(beginning.length());
  }

  /** Writes an empty line to the process. */
  void release() throws IOException {
    Writer in = process.outputWriter(StandardCharsets.UTF_8);
    in.write('\n');
    in.flush();
  }

  /** SIGTERM; unlike {@link Process#destroy} it leaves the process's standard input open. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGSTOP: the process does nothing more until {@link #resume}. */
  void halt() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Does something when the process has ended, on another thread. */
  void whenEnded(Runnable then) {
    var unused = process.onExit().thenRun(then);
  }

  /** The exit code, once the process has ended. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the process has ended").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
