package io.saccade.video.isolation;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of a child process that decodes untrusted bytes with FFmpeg. See decision 34 in
 * {@code docs/decisions.md}.
 *
 * <p>How it works: the child runs a main class of this process's class path. Requests are written
 * to its standard input. A thread reads replies from its standard output into a short queue, so
 * that a child that is ahead of its parent blocks. The child gets no environment beyond what a JVM
 * needs, and its heap is bounded.
 *
 * @param <R> the type of its replies
 */
abstract class ChildProcess<R> implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int REPLIES_AHEAD = 2;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(2);

  /** The environment variables that the child inherits; others may contain passwords. */
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH");

  /**
   * Bounds glibc's memory arenas: by default it keeps one for each of many threads, which are
   * short-lived here.
   */
  private static final String ARENAS = "2";

  private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=";

  private final Process process;
  private final DataOutputStream requests;
  private final DataInputStream replies;
  private final BlockingQueue<R> queue = new ArrayBlockingQueue<>(REPLIES_AHEAD);
  private volatile boolean closed;

  /**
   * Starts a child; {@link #close} ends it. Its log goes to this process's standard error. What its
   * JVM prints on a crash goes to the replies and is read as their end.
   *
   * @param main class on this process's class path
   * @param memory the child's JVM options for its memory
   */
  ChildProcess(Class<?> main, List<String> memory) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command(main, memory));
      builder.environment().keySet().retainAll(ENVIRONMENT);
      builder.environment().put("MALLOC_ARENA_MAX", ARENAS);
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException("the decoder process cannot be started", e);
    }
    requests = new DataOutputStream(process.getOutputStream());
    replies = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
  }

  private static List<String> command(Class<?> main, List<String> memory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(memory);
    command.addAll(List.of("-Xss512k", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash"));
    command.addAll(List.of("-Xlog:disable", "-XX:ErrorFile=" + errorFile("%p")));
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith(ARCHIVE_OPTION)) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private static Path errorFile(String pid) {
    return Path.of(System.getProperty("java.io.tmpdir"), "saccade-decoder-" + pid + ".log");
  }

  /** Reads a reply. */
  @FunctionalInterface
  interface ReplyReader<R> {

    /**
     * Blocks until there is a reply; throws {@link IOException} if the child ended or the bytes are
     * no reply.
     */
    R read(DataInputStream in) throws IOException;
  }

  /** Whether the reply is the last one of a request. */
  abstract boolean isLast(R reply);

  /** The reply that stands for a child that ended or sent invalid bytes before its last reply. */
  abstract R lost();

  /** Starts a thread that reads replies up to the last one. */
  final void startReading(ReplyReader<R> reader) {
    Thread thread = new Thread(() -> read(reader), "decoder-replies");
    thread.setDaemon(true);
    thread.start();
  }

  private void read(ReplyReader<R> reader) {
    R reply;
    do {
      try {
        reply = reader.read(replies);
      } catch (IOException e) {
        reply = lost();
      }
      enqueue(reply);
    } while (!isLast(reply) && !closed);
  }

  private void enqueue(R reply) {
    try {
      while (!closed && !queue.offer(reply, POLL.toMillis(), TimeUnit.MILLISECONDS)) {}
    } catch (InterruptedException e) {
      throw new IllegalStateException("this thread is never interrupted", e);
    }
  }

  /** Returns the next reply, or null if none comes within 20 ms or the thread is interrupted. */
  public final @Nullable R next() {
    try {
      return queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** The stream that the child reads. */
  final DataOutputStream requests() {
    return requests;
  }

  /** Whether the child is running. */
  final boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Returns the exit status of the child, waiting up to 2 s for its end; -1 if it has not ended
   * then.
   */
  public final int exitValue() {
    try {
      return process.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          ? process.exitValue()
          : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** The resident memory of the child in bytes; 0 if unknown. */
  public final long residentBytes() {
    return memory("VmRSS:");
  }

  /** The peak of the resident memory of the child in bytes; 0 if unknown. */
  final long peakResidentBytes() {
    return memory("VmHWM:");
  }

  private long memory(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /** The file to which the child's JVM writes its report if a native library crashes it. */
  public final Path report() {
    return errorFile(Long.toString(process.pid()));
  }

  /** Kills the child, so that the replies end with {@link #lost}. */
  public final void kill() {
    process.destroyForcibly();
  }

  /** Kills the child and ends the thread that reads its replies. */
  @Override
  public final void close() {
    closed = true;
    process.destroyForcibly();
  }
}
