package io.saccade.video;

import io.saccade.video.DecoderProtocol.Reply;
import io.saccade.video.DecoderProtocol.Request;
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

/** A decoder process, seen from the one that started it. */
final class DecoderChild implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int REPLIES_AHEAD = 2;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMillis(100);
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
  private final BlockingQueue<Reply> queue = new ArrayBlockingQueue<>(REPLIES_AHEAD);
  private volatile boolean closed;

  /**
   * Starts a process; {@link #close} ends it. What it logs goes to this one's standard error; what
   * the Java machine prints when it dies goes between the replies, and ends them.
   */
  DecoderChild(Class<?> main) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command(main));
      builder.environment().keySet().retainAll(ENVIRONMENT);
      builder.environment().put("MALLOC_ARENA_MAX", ARENAS);
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException("the decoder process cannot be started", e);
    }
    requests = new DataOutputStream(process.getOutputStream());
    replies = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
  }

  private static List<String> command(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-Xss512k", "-XX:+UseSerialGC"));
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

  boolean isAlive() {
    return process.isAlive();
  }

  /** Begins a sampling; its replies follow, the last one is neither frame nor progress. */
  void ask(Request request) {
    Thread reader = new Thread(() -> read(request.spec()), "decoder-replies");
    reader.setDaemon(true);
    reader.start();
    try {
      requests.writeByte(DecoderProtocol.SAMPLE);
      request.write(requests);
      requests.flush();
    } catch (IOException e) {
      process.destroyForcibly(); // the reader will tell
    }
  }

  private void read(SampleSpec spec) {
    Reply reply;
    do {
      try {
        reply = Reply.read(replies, spec);
      } catch (IOException e) {
        reply = new Reply.Gone();
      }
      hand(reply);
    } while (!isLast(reply) && !closed);
  }

  private void hand(Reply reply) {
    try {
      while (!closed && !queue.offer(reply, POLL.toMillis(), TimeUnit.MILLISECONDS)) {}
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private static boolean isLast(Reply reply) {
    return reply instanceof Reply.Done
        || reply instanceof Reply.Failed
        || reply instanceof Reply.Gone;
  }

  /** The next reply, or null if there is none for a moment. */
  Reply next() {
    return next(POLL);
  }

  private Reply next(Duration time) {
    try {
      return queue.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /**
   * Makes the decoder give up the sampling under way.
   *
   * @return whether it did at once and can be used again
   */
  boolean giveUp() {
    boolean interrupted = Thread.interrupted();
    try {
      requests.writeByte(DecoderProtocol.CANCEL);
      requests.flush();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end && process.isAlive()) {
        Reply reply = next();
        if (reply != null && isLast(reply)) {
          return !(reply instanceof Reply.Gone);
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The exit status of a process that has ended or is about to; -1 if it does not. */
  int exitValue() {
    try {
      return process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Memory of the process that is resident in bytes; 0 if the system does not tell. */
  long residentBytes() {
    return memory("VmRSS:");
  }

  /** The most that ever was. */
  long peakResidentBytes() {
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
  Path report() {
    return errorFile(Long.toString(process.pid()));
  }

  @Override
  public void close() {
    closed = true;
    process.destroyForcibly();
  }
}
