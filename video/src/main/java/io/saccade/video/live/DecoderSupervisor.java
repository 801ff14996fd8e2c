package io.saccade.video.live;

import io.saccade.video.LiveFrame;
import io.saccade.video.LiveSink;
import io.saccade.video.LiveSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.isolation.LiveChild;
import io.saccade.video.isolation.LiveProtocol.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the replies of a live source's decoder on to the sink, and enforces its time and memory
 * limits. Used by one thread.
 */
final class DecoderSupervisor {
  private static final Logger log = LoggerFactory.getLogger(DecoderSupervisor.class);
  private static final Duration MEMORY_CHECK_INTERVAL = Duration.ofSeconds(1);

  private final LiveSpec spec;
  private final Duration timeout;
  private final long maxMemoryBytes;
  private final LiveSink sink;
  private final BooleanSupplier cancelled;
  private boolean hasFrames;
  private long lastFrame;
  private long lastMemoryCheck;

  /**
   * Creates a supervisor for one source.
   *
   * @param timeout how long the decoder may give no frame
   * @param cancelled polled several times a second; true ends the following
   */
  DecoderSupervisor(
      LiveConfig config,
      LiveSpec spec,
      Duration timeout,
      LiveSink sink,
      BooleanSupplier cancelled) {
    this.spec = spec;
    this.timeout = timeout;
    this.maxMemoryBytes = config.limits().maxMemoryBytes();
    this.sink = sink;
    this.cancelled = cancelled;
  }

  /** The frames to take. */
  LiveSpec spec() {
    return spec;
  }

  /** Whether the decoder gave a frame so far. */
  boolean hasFrames() {
    return hasFrames;
  }

  /** Throws CANCELLED if the caller cancelled or the thread was interrupted. */
  void requireNotCancelled() throws VideoException {
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new VideoException(Category.CANCELLED, "following the source was cancelled");
    }
  }

  /**
   * Passes replies on until the decoder reports the end of the source.
   *
   * @throws VideoException the failure that the decoder reports; CRASHED if it ended without a last
   *     reply; TIMEOUT if it gave no frame for too long; CANCELLED
   */
  void relay(LiveChild child) throws VideoException {
    lastFrame = System.nanoTime();
    lastMemoryCheck = lastFrame;
    while (true) {
      requireNotCancelled();
      enforceLimits(child);
      Reply reply = child.next();
      if (reply instanceof Reply.Done) {
        return;
      }
      if (reply instanceof Reply.Failed failed) {
        throw failed.failure();
      }
      if (reply instanceof Reply.Lost) {
        throw crashed(child);
      }
      if (reply != null) {
        passOn(reply);
      }
    }
  }

  private void passOn(Reply reply) {
    if (reply instanceof Reply.Stalled) {
      sink.stalled();
      return;
    }
    if (reply instanceof Reply.Session session) {
      sink.session(session.facts());
    } else if (reply instanceof Reply.Frame frame) {
      int size = spec.imageSize();
      sink.frame(new LiveFrame(frame.index(), frame.pts(), Instant.now(), size, size, frame.rgb()));
      sink.progress(frame.pts());
    } else if (reply instanceof Reply.Progress progress) {
      sink.progress(progress.pts());
    }
    hasFrames = true;
    lastFrame = System.nanoTime();
  }

  private void enforceLimits(LiveChild child) throws VideoException {
    long now = System.nanoTime();
    if (now - lastFrame > timeout.toNanos()) {
      throw VideoException.passing(
          Category.TIMEOUT, "the source gave no frame for %s".formatted(timeout), null);
    }
    if (now - lastMemoryCheck > MEMORY_CHECK_INTERVAL.toNanos()) {
      lastMemoryCheck = now;
      if (child.residentBytes() > maxMemoryBytes) {
        log.warn("event=decoder_memory bytes={}", child.residentBytes());
        child.kill();
      }
    }
  }

  private static VideoException crashed(LiveChild child) {
    log.warn("event=decoder_crashed exit={} report={}", child.exitValue(), child.report());
    return new VideoException(Category.CRASHED, "the decoder crashed on this source");
  }
}
