package io.saccade.video.live;

import io.saccade.video.isolation.LiveProtocol;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads the bytes of a live source from the parent process, divided into parts, each of which is a
 * container. Not thread-safe.
 */
final class LiveInput {
  private static final int BUFFER_BYTES = 1 << 16;

  private final DataInputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int left;
  private boolean atCut;
  private boolean ended;

  LiveInput(DataInputStream in) {
    this.in = in;
  }

  /**
   * Moves to the next part and waits for its first byte; returns false at the end of the source.
   */
  boolean next() throws IOException {
    while (left == 0 && !ended) {
      readHead();
    }
    atCut = false;
    return left > 0;
  }

  /**
   * The rest of the part, as a channel. Closing it has no effect, because another part may follow.
   */
  ReadableByteChannel part() {
    return new Part();
  }

  private void readHead() throws IOException {
    int kind;
    try {
      kind = in.readByte();
      if (kind == LiveProtocol.DATA) {
        left = in.readInt();
      }
    } catch (EOFException e) { // the parent has ended
      ended = true;
      return;
    }
    if (kind == LiveProtocol.CUT) {
      atCut = true;
    } else if (kind == LiveProtocol.END) {
      ended = true;
    }
  }

  private int read(ByteBuffer target) throws IOException {
    while (left == 0 && !atCut && !ended) {
      readHead();
    }
    if (left == 0) {
      return -1;
    }
    int count = in.read(buffer, 0, Math.min(Math.min(left, target.remaining()), buffer.length));
    if (count < 0) {
      ended = true;
      left = 0;
      return -1;
    }
    left -= count;
    target.put(buffer, 0, count);
    return count;
  }

  private final class Part implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return LiveInput.this.read(target);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
