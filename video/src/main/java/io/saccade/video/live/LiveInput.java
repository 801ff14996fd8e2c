package io.saccade.video.live;

import io.saccade.video.isolation.LiveProtocol;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * The bytes of a live source as they come from the parent process, in parts: each is a container of
 * its own. Not thread-safe.
 */
final class LiveInput {
  private static final int BUFFER_BYTES = 1 << 16;

  private final DataInputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int rest;
  private boolean cut;
  private boolean ended;

  LiveInput(DataInputStream in) {
    this.in = in;
  }

  /** Goes to the next part and waits for its first byte; false if there is none. */
  boolean next() throws IOException {
    while (rest == 0 && !ended) {
      readHead();
    }
    cut = false;
    return rest > 0;
  }

  /** The rest of the part. Closing it does nothing: another may follow. */
  ReadableByteChannel part() {
    return new Part();
  }

  private void readHead() throws IOException {
    int kind;
    try {
      kind = in.readByte();
      if (kind == LiveProtocol.DATA) {
        rest = in.readInt();
      }
    } catch (EOFException e) { // the parent has died
      ended = true;
      return;
    }
    if (kind == LiveProtocol.CUT) {
      cut = true;
    } else if (kind == LiveProtocol.END) {
      ended = true;
    }
  }

  private int read(ByteBuffer target) throws IOException {
    while (rest == 0 && !cut && !ended) {
      readHead();
    }
    if (rest == 0) {
      return -1;
    }
    int count = in.read(buffer, 0, Math.min(Math.min(rest, target.remaining()), buffer.length));
    if (count < 0) {
      ended = true;
      rest = 0;
      return -1;
    }
    rest -= count;
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
