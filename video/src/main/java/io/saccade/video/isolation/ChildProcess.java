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

/**
 * A process that lets FFmpeg at strangers' bytes, seen from the one that started it.
 *
 * @param <R> what it replies
 */
abstract class ChildProcess<R> implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int REPLIES_AHEAD = 2;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration DEATH = Duration.ofSeconds(2);

  /** What the process may know of ours: passwords may be in other variables. */
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH");

  /** glibc's default keeps memory for each of many threads, which come and go here. */
  private static final String ARENAS = "2";

  private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=";

  private final Process process;
  private final DataOutputStream requests;
  private final DataInputStream replies;
  private final BlockingQueue<R> queue = new ArrayBlockingQueue<>(REPLIES_AHEAD);
  private volatile boolean closed;

  /**
   * Starts a process; {@link #close} ends it. What it logs goes to this one's standard error; what
   * the Java machine prints when it dies goes between the replies, and ends them.
   *
   * @param main class on this process's class path
   * @param memory the Java machine's options for its memory
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

  /** How one reply is read. */
  @FunctionalInterface
  interface ReplyReader<R> {

    /** Blocks until it is there; throws if there is none or it makes no sense. */
    R read(DataInputStream in) throws IOException;
  }

  /** Whether nothing follows this reply. */
  abstract boolean isLast(R reply);

  /** Stands for the end of a process that said no last word. */
  abstract R gone();

  /** Reads replies, up to the last one, on a thread of its own. */
  final void listen(ReplyReader<R> reader) {
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
        reply = gone();
      }
      hand(reply);
    } while (!isLast(reply) && !closed);
  }

  private void hand(R reply) {
    try {
      while (!closed && !queue.offer(reply, POLL.toMillis(), TimeUnit.MILLISECONDS)) {}
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** The next reply, or null if there is none for a moment. */
  public final R next() {
    try {
      return queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** What the process reads. */
  final DataOutputStream requests() {
    return requests;
  }

  final boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status of a process that has ended or is about to; -1 if it does not. */
  public final int exitValue() {
    try {
      return process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Memory of the process that is resident in bytes; 0 if the system does not tell. */
  public final long residentBytes() {
    return memory("VmRSS:");
  }

  /** The most that ever was. */
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

  /** Where the Java machine leaves its report if a native library crashes it. */
  public final Path report() {
    return errorFile(Long.toString(process.pid()));
  }

  /** Makes the process say no more; the replies end with {@link #gone}. */
  public final void kill() {
    process.destroyForcibly();
  }

  /** Ends the process at once. */
  @Override
  public final void close() {
    closed = true;
    process.destroyForcibly();
  }
}
