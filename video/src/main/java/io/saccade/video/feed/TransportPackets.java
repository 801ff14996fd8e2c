package io.saccade.video.feed;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The packets of an MPEG transport stream in a datagram. */
public final class TransportPackets {
  /** Each has so many bytes. */
  public static final int BYTES = 188;

  /** And begins with this one. */
  public static final int SYNC = 0x47;

  private TransportPackets() {}

  /** Those in a datagram that holds nothing else, or in an RTP packet; empty if there are none. */
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
