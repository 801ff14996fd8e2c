package io.saccade.worker;

import io.saccade.proto.v1.ClipManifest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * A clip on its way into the cache: its frames are read, then it is looked at, once for all
 * questions that wait for it. Confined to the inference thread, but for {@link #abandoned}.
 */
final class ClipLoad implements AutoCloseable {

  private final ClipManifest manifest;
  private final ClipCache.Hold memory;
  private final long opened = System.nanoTime();
  private long readAt = opened;
  private long lookedAt = opened;
  private List<ByteBuffer> frames;
  private Engine.Looking looking;
  private volatile boolean abandoned;

  /**
   * Begins one.
   *
   * @param memory for the clip; taken over
   */
  ClipLoad(ClipManifest manifest, ClipCache.Hold memory) {
    this.manifest = manifest;
    this.memory = memory;
  }

  ClipManifest manifest() {
    return manifest;
  }

  String clipId() {
    return manifest.getClipId();
  }

  int frames() {
    return manifest.getFramesCount();
  }

  /** From any thread: whether nobody waits for it any more. */
  boolean abandoned() {
    return abandoned;
  }

  /** Takes the frames, one a position. */
  void read(List<ByteBuffer> pixels) {
    frames = pixels;
    readAt = System.nanoTime();
  }

  /** Whether there is something to look at. */
  boolean isRead() {
    return frames != null;
  }

  /** Looks at the next piece; whether that was the last. */
  boolean step(Engine engine) {
    if (looking == null) {
      looking = engine.looking(frames);
    }
    return looking.step();
  }

  /** What was seen, which the caller closes. Ends the viewing. */
  Engine.Clip finish() {
    Engine.Clip clip = looking.clip();
    lookedAt = System.nanoTime();
    close();
    return clip;
  }

  /** How long somebody who came at {@code since} waited for the frames. */
  Duration transport(long since) {
    return between(Math.max(opened, since), readAt);
  }

  /** How long somebody who came at {@code since} waited for the look. */
  Duration vision(long since) {
    return between(Math.max(readAt, since), lookedAt);
  }

  private static Duration between(long begin, long end) {
    return Duration.ofNanos(Math.max(0, end - begin));
  }

  @Override
  public void close() {
    abandoned = true;
    frames = null;
    memory.close();
    if (looking != null) {
      looking.close();
      looking = null;
    }
  }
}
