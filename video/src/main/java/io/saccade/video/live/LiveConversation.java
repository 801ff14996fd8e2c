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

/** Hands on what a live source's decoder says, and keeps an eye on it. */
final class LiveConversation {
  private static final Logger log = LoggerFactory.getLogger(LiveConversation.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final LiveSpec spec;
  private final Duration patience;
  private final long maxMemoryBytes;
  private final LiveSink sink;
  private final BooleanSupplier cancelled;
  private boolean hasFrames;
  private long lastFrame;
  private long lastLook;

  /**
   * A conversation that has not begun.
   *
   * @param patience how long the decoder may be without a frame
   * @param cancelled true ends it
   */
  LiveConversation(
      LiveConfig config,
      LiveSpec spec,
      Duration patience,
      LiveSink sink,
      BooleanSupplier cancelled) {
    this.spec = spec;
    this.patience = patience;
    this.maxMemoryBytes = config.limits().maxMemoryBytes();
    this.sink = sink;
    this.cancelled = cancelled;
  }

  /** What is wanted. */
  LiveSpec spec() {
    return spec;
  }

  /** Whether there were any so far. */
  boolean hasFrames() {
    return hasFrames;
  }

  /** Throws if the source is to be followed no longer. */
  void requireWanted() throws VideoException {
    if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new VideoException(Category.CANCELLED, "following the source was cancelled");
    }
  }

  /**
   * Listens until the decoder has said that the source has ended.
   *
   * @throws VideoException what it says instead; CRASHED if it went without a word
   */
  void run(LiveChild child) throws VideoException {
    lastFrame = System.nanoTime();
    lastLook = lastFrame;
    while (true) {
      requireWanted();
      requireHealth(child);
      Reply reply = child.next();
      if (reply instanceof Reply.Done) {
        return;
      }
      if (reply instanceof Reply.Failed failed) {
        throw failed.failure();
      }
      if (reply instanceof Reply.Gone) {
        throw crash(child);
      }
      if (reply != null) {
        handOn(reply);
      }
    }
  }

  private void handOn(Reply reply) {
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

  private void requireHealth(LiveChild child) throws VideoException {
    long now = System.nanoTime();
    if (now - lastFrame > patience.toNanos()) {
      throw VideoException.passing(
          Category.TIMEOUT, "the source gave no frame for %s".formatted(patience), null);
    }
    if (now - lastLook > BETWEEN_LOOKS.toNanos()) {
      lastLook = now;
      if (child.residentBytes() > maxMemoryBytes) {
        log.warn("event=decoder_memory bytes={}", child.residentBytes());
        child.kill();
      }
    }
  }

  private static VideoException crash(LiveChild child) {
    log.warn("event=decoder_crashed exit={} report={}", child.exitValue(), child.report());
    return new VideoException(Category.CRASHED, "the decoder crashed on this source");
  }
}
