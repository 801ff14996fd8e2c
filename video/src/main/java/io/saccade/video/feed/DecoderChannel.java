package io.saccade.video.feed;

import io.saccade.video.isolation.LiveChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channel through which a feed sends its bytes to a decoder process, which is started for the
 * first bytes. One thread writes; {@link #child} and {@link #close} may be called from others.
 * Public for the packages {@code rtsp} and {@code live} only.
 */
public final class DecoderChannel implements WritableByteChannel {
  private final Supplier<LiveChild> starter;
  private @Nullable LiveChild child;
  private boolean closed;
  private boolean atStart = true;

  /**
   * A channel without a process.
   *
   * @param starter starts a process and sends it the request
   */
  public DecoderChannel(Supplier<LiveChild> starter) {
    this.starter = starter;
  }

  /**
   * Sends bytes; blocks while the decoder does not read.
   *
   * @throws UncheckedIOException if the decoder has ended or this is closed
   */
  void data(byte[] bytes, int offset, int length) {
    if (length > 0) {
      atStart = false;
      LiveChild decoder = decoder();
      send(() -> decoder.sendData(bytes, offset, length));
    }
  }

  /** Returns the decoder process; starts it for the first bytes. */
  private synchronized LiveChild decoder() {
    if (closed) {
      throw new UncheckedIOException(new IOException("the source is not followed any more"));
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

  /** Announces that another container follows, or the same one after a gap. */
  void cut() {
    if (!atStart) {
      atStart = true;
      LiveChild decoder = decoder();
      send(decoder::sendCut);
    }
  }

  /** Announces the end of the source. */
  public void end() {
    LiveChild decoder = child();
    if (decoder != null) {
      send(decoder::sendEnd);
    }
  }

  /** Returns the decoder process, or null if no bytes were sent yet. Thread-safe. */
  public synchronized @Nullable LiveChild child() {
    return child;
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  /** Ends the process; later writes fail. Thread-safe. */
  @Override
  public synchronized void close() {
    closed = true;
    if (child != null) {
      child.close();
    }
  }

  /** Sends a message to the decoder. */
  private interface Message {
    void send() throws IOException;
  }

  private static void send(Message message) {
    try {
      message.send();
    } catch (IOException e) {
      throw new UncheckedIOException("the decoder has ended", e);
    }
  }
}
