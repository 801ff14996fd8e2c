package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.cli.Main;
import io.saccade.cli.local.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands with a folder of their own leave behind: nothing. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeftoversIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Process process;

  @AfterEach
  void kill() {
    process.destroyForcibly();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench scale --section=workers --seconds=600",
        "bench scale --feeds=2",
        "bench pipeline"
      })
  void aStoppedBenchLeavesNothing(String command) throws Exception {
    start(folder, command.split(" "));
    await().until(() -> paths().anyMatch(this::isTopic));

    process.destroy();

    assertThat(exitCode()).as("it did not come to its end").isEqualTo(ExitCode.FAILED);
    assertThat(paths()).containsExactly(folder);
  }

  @Test
  void aBenchThatIsStoppedWhileItStartsLeavesNothing() throws Exception {
    start(folder, "bench", "scale", "--section=workers", "--seconds=600");
    await().until(() -> paths().count() > 1);

    process.destroy();

    assertThat(exitCode()).as("it did not come to its end").isEqualTo(ExitCode.FAILED);
    assertThat(paths()).containsExactly(folder);
  }

  @Test
  void aBenchThatCannotStartFailsAndLeavesNothing() throws Exception {
    // Kafka's list of folders is separated by commas: it does not find its own.
    Path two = Files.createDirectory(folder.resolve("a,b"));
    start(two, "bench", "scale", "--section=workers");

    assertThat(exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(paths()).containsExactlyInAnyOrder(folder, two);
  }

  /** While files come and go. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE).ignoreException(UncheckedIOException.class);
  }

  private boolean isTopic(Path path) {
    return path.getFileName().toString().startsWith("saccade.");
  }

  private Stream<Path> paths() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.toList().stream();
    }
  }

  private int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private void start(Path temporary, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add(
        "-Dsaccade.home="
            + Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent());
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(RoleProcess.log("leftovers"));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    process = builder.start();
  }
}
