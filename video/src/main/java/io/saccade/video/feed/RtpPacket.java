package io.saccade.video.feed;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A packet of the Real-time Transport Protocol (RFC 3550). Public for the package {@code rtsp}
 * only.
 *
 * @param type payload type, 0 to 127
 * @param marker the marker bit; in video, whether a picture ends with this packet
 * @param sequence sequence number, 16 bits, unsigned
 * @param timestamp 32 bits, in units of the payload's clock
 * @param payload a view of the packet's buffer
 */
public record RtpPacket(int type, boolean marker, int sequence, int timestamp, ByteBuffer payload) {
  /** Payload type of MPEG-TS. */
  public static final int TRANSPORT_STREAM = 33;

  private static final int HEAD_BYTES = 12;
  private static final int WORD = 4;

  /** Parses untrusted bytes; empty if they are not a packet. */
  public static Optional<RtpPacket> parse(ByteBuffer packet) {
    ByteBuffer bytes = packet.duplicate();
    if (bytes.remaining() < HEAD_BYTES) {
      return Optional.empty();
    }
    int flags = bytes.get();
    int second = bytes.get();
    int sequence = bytes.getShort() & 0xffff;
    int timestamp = bytes.getInt();
    int skipped = WORD + (flags & 0x0f) * WORD; // SSRC and the list of CSRCs
    if ((flags & 0xc0) != 0x80 || skipped > bytes.remaining()) {
      return Optional.empty();
    }
    bytes.position(bytes.position() + skipped);
    if (((flags & 0x10) != 0 && !skipExtension(bytes))
        || ((flags & 0x20) != 0 && !cutPadding(bytes))) {
      return Optional.empty();
    }
    return Optional.of(
        new RtpPacket(second & 0x7f, (second & 0x80) != 0, sequence, timestamp, bytes.slice()));
  }

  private static boolean skipExtension(ByteBuffer bytes) {
    if (bytes.remaining() < WORD) {
      return false;
    }
    bytes.getShort();
    int length = (bytes.getShort() & 0xffff) * WORD;
    if (length > bytes.remaining()) {
      return false;
    }
    bytes.position(bytes.position() + length);
    return true;
  }

  private static boolean cutPadding(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return false;
    }
    int padding = bytes.get(bytes.limit() - 1) & 0xff;
    if (padding > bytes.remaining()) {
      return false;
    }
    bytes.limit(bytes.limit() - padding);
    return true;
  }
}
