package io.saccade.video.feed;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Finds the packets of an MPEG transport stream (ISO/IEC 13818-1) in a datagram. Public for the
 * package {@code rtsp} only.
 */
public final class TransportPackets {
  /** The size of a packet in bytes. */
  public static final int BYTES = 188;

  /** The first byte of a packet. */
  public static final int SYNC = 0x47;

  private TransportPackets() {}

  /**
   * Returns the packets of a datagram that consists of them, or of an RTP packet with them; empty
   * for any other datagram.
   */
  static Optional<ByteBuffer> in(ByteBuffer datagram) {
    if (isWhole(datagram)) {
      return Optional.of(datagram);
    }
    return RtpPacket.parse(datagram).map(RtpPacket::payload).filter(TransportPackets::isWhole);
  }

  private static boolean isWhole(ByteBuffer bytes) {
    return bytes.remaining() >= BYTES
        && bytes.remaining() % BYTES == 0
        && bytes.get(bytes.position()) == SYNC;
  }
}
