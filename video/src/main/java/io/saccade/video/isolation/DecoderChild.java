package io.saccade.video.isolation;

import io.saccade.video.isolation.DecoderProtocol.Reply;
import io.saccade.video.isolation.DecoderProtocol.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The parent's side of a child process that samples files, one at a time ({@link DecoderProcess}).
 */
final class DecoderChild extends ChildProcess<Reply> {
  private static final Duration CANCEL_TIMEOUT = Duration.ofMillis(100);

  /** Starts a child; {@link #close} ends it. */
  DecoderChild(Class<?> main) {
    super(main, List.of("-Xmx256m"));
  }

  /** Sends a request; its replies end with Done, Failed or Lost. */
  void request(Request request) {
    startReading(in -> Reply.read(in, request.spec()));
    try {
      requests().writeByte(DecoderProtocol.SAMPLE);
      request.write(requests());
      requests().flush();
    } catch (IOException e) {
      kill(); // the replies then end with Lost
    }
  }

  @Override
  boolean isLast(Reply reply) {
    return reply instanceof Reply.Done
        || reply instanceof Reply.Failed
        || reply instanceof Reply.Lost;
  }

  @Override
  Reply lost() {
    return new Reply.Lost();
  }

  /**
   * Cancels the sampling in progress.
   *
   * @return whether the child ended it within 100 ms and can be used again
   */
  boolean cancel() {
    boolean interrupted = Thread.interrupted();
    try {
      requests().writeByte(DecoderProtocol.CANCEL);
      requests().flush();
      long end = System.nanoTime() + CANCEL_TIMEOUT.toNanos();
      while (System.nanoTime() < end && isAlive()) {
        Reply reply = next();
        if (reply != null && isLast(reply)) {
          return !(reply instanceof Reply.Lost);
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
