package io.saccade.it;

import io.saccade.video.LiveFrame;
import io.saccade.video.LiveReader;
import io.saccade.video.LiveSink;
import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Live sources that exist in no network: a grey frame at each tick, twenty times as fast as time
 * goes. A URI may be made to fail.
 */
final class ScriptedFeeds implements LiveReader {

  private static final int PACE = 20;

  private final Set<String> followed = ConcurrentHashMap.newKeySet();
  private final Map<String, VideoException> failures = new ConcurrentHashMap<>();

  /** What is followed now. */
  Set<String> followed() {
    return Set.copyOf(followed);
  }

  /** Makes a source fail from now on, also where it is followed. */
  void fail(String uri, VideoException failure) {
    failures.put(uri, failure);
  }

  /** Makes a source that failed work again. */
  void repair(String uri) {
    failures.remove(uri);
  }

  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException {
    followed.add(source.uri());
    try {
      check(source, cancelled);
      sink.session(facts());
      for (long tick = 0; ; tick++) {
        LockSupport.parkNanos(spec.step().toNanos() / PACE);
        check(source, cancelled);
        Duration pts = spec.step().multipliedBy(tick);
        sink.frame(frame(tick, pts, spec.imageSize()));
        sink.progress(pts);
      }
    } finally {
      followed.remove(source.uri());
    }
  }

  private void check(LiveSource source, BooleanSupplier cancelled) throws VideoException {
    if (cancelled.getAsBoolean()) {
      throw new VideoException(Category.CANCELLED, "cancelled");
    }
    VideoException failure = failures.get(source.uri());
    if (failure != null) {
      throw failure;
    }
  }

  private static LiveFrame frame(long tick, Duration pts, int size) {
    byte[] pixels = new byte[size * size * 3];
    java.util.Arrays.fill(pixels, (byte) tick);
    return new LiveFrame(tick, pts, Instant.now(), size, size, ByteBuffer.wrap(pixels));
  }

  private static SourceFacts facts() {
    return new SourceFacts(
        "mpegts",
        "h264",
        64,
        64,
        64,
        64,
        0,
        false,
        0,
        0,
        25,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  @Override
  public void close() {}
}
