package io.saccade.video.feed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Collects the text of a playlist; bytes beyond {@link #MAX_BYTES} are discarded. */
final class PlaylistText implements WritableByteChannel {
  /** Longest playlist in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private static final String START = "#EXTM3U";

  /** The number of bytes after which a playlist is recognised. */
  static final int START_BYTES = START.length();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    int kept = Math.min(count, MAX_BYTES - bytes.size());
    bytes.write(source.array(), source.arrayOffset() + source.position(), kept);
    source.position(source.limit());
    return count;
  }

  int size() {
    return bytes.size();
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  boolean isPlaylist() {
    return text().startsWith(START);
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
