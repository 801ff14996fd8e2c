package io.saccade.video.feed;

import io.saccade.video.isolation.LiveChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Supplier;

/**
 * Where a feed brings its bytes: a decoder process, which is started for the first of them. Written
 * by one thread. What another container's bytes begin with, only {@link #cut} tells.
 */
public final class FeedOutlet implements WritableByteChannel {
  private final Supplier<LiveChild> starter;
  private LiveChild child;
  private boolean closed;
  private boolean fresh = true;

  /**
   * An outlet without a process.
   *
   * @param starter starts one that has been asked for the source
   */
  public FeedOutlet(Supplier<LiveChild> starter) {
    this.starter = starter;
  }

  /**
   * Passes bytes on; blocks while the decoder reads no faster.
   *
   * @throws UncheckedIOException if the decoder has gone
   */
  void data(byte[] bytes, int offset, int length) {
    if (length > 0) {
      fresh = false;
      LiveChild decoder = decoder();
      write(() -> decoder.data(bytes, offset, length));
    }
  }

  private synchronized LiveChild decoder() {
    if (closed) {
      throw new UncheckedIOException(new IOException("nobody follows the source any more"));
    }
    if (child == null) {
      child = starter.get();
    }
    return child;
  }

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    data(source.array(), source.arrayOffset() + source.position(), count);
    source.position(source.limit());
    return count;
  }

  /** What follows is another container, or the same one after a gap. */
  void cut() {
    if (!fresh) {
      fresh = true;
      LiveChild decoder = decoder();
      write(decoder::cut);
    }
  }

  /** Nothing follows. */
  public void end() {
    LiveChild decoder = child();
    if (decoder != null) {
      write(decoder::end);
    }
  }

  /** The decoder process, or null if there were no bytes yet; any thread may ask. */
  public synchronized LiveChild child() {
    return child;
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  /** Ends the process; another thread may do so. */
  @Override
  public synchronized void close() {
    closed = true;
    if (child != null) {
      child.close();
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException("the decoder has gone", e);
    }
  }
}
