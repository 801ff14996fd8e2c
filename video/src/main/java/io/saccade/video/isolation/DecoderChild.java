package io.saccade.video.isolation;

import io.saccade.video.isolation.DecoderProtocol.Reply;
import io.saccade.video.isolation.DecoderProtocol.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A process that samples files, seen from the one that started it. */
final class DecoderChild extends ChildProcess<Reply> {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Starts a process; {@link #close} ends it. */
  DecoderChild(Class<?> main) {
    super(main, List.of("-Xmx256m"));
  }

  /** Begins a sampling; its replies follow, the last one is neither frame nor progress. */
  void ask(Request request) {
    listen(in -> Reply.read(in, request.spec()));
    try {
      requests().writeByte(DecoderProtocol.SAMPLE);
      request.write(requests());
      requests().flush();
    } catch (IOException e) {
      kill(); // the replies will tell
    }
  }

  @Override
  boolean isLast(Reply reply) {
    return reply instanceof Reply.Done
        || reply instanceof Reply.Failed
        || reply instanceof Reply.Gone;
  }

  @Override
  Reply gone() {
    return new Reply.Gone();
  }

  /**
   * Makes the decoder give up the sampling under way.
   *
   * @return whether it did at once and can be used again
   */
  boolean giveUp() {
    boolean interrupted = Thread.interrupted();
    try {
      requests().writeByte(DecoderProtocol.CANCEL);
      requests().flush();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end && isAlive()) {
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
}
