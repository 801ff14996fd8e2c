package io.saccade.bench.scale;

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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Live feeds that need no decoder: a frame at each tick, for ever. */
final class ScaleReader implements LiveReader {

  private static final Duration LOOK = Duration.ofMillis(200);

  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException {
    int size = spec.imageSize();
    sink.session(facts(size));
    long begin = System.nanoTime();
    for (long index = 0; ; index++) {
      long pts = index * spec.step().toNanos();
      awaitTick(begin + pts, cancelled);
      byte[] pixels = new byte[3 * size * size];
      ByteBuffer.wrap(pixels).putLong(0, source.uri().hashCode() + index);
      Duration at = Duration.ofNanos(pts);
      sink.frame(new LiveFrame(index, at, Instant.now(), size, size, ByteBuffer.wrap(pixels)));
      sink.progress(at);
    }
  }

  private static void awaitTick(long due, BooleanSupplier cancelled) throws VideoException {
    do {
      if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        throw new VideoException(Category.CANCELLED, "the feed is not followed any more");
      }
      LockSupport.parkNanos(Math.min(LOOK.toNanos(), due - System.nanoTime()));
    } while (System.nanoTime() < due);
  }

  private static SourceFacts facts(int size) {
    return new SourceFacts(
        "synthetic",
        "none",
        size,
        size,
        size,
        size,
        0,
        false,
        0,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  @Override
  public void close() {}
}
