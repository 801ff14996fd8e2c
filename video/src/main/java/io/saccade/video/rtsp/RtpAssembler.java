package io.saccade.video.rtsp;

import io.saccade.video.decode.TimeUnwrapper;
import io.saccade.video.feed.RtpPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reassembles the pictures of an RTP stream and writes them as an MPEG transport stream, a
 * container that can be written picture by picture. After a lost packet, pictures are dropped up to
 * the next one where decoding may begin. Not thread-safe. See decision 53 in {@code
 * docs/decisions.md}.
 */
final class RtpAssembler {
  private static final int MAX_UNIT_BYTES = 8 << 20;

  /** After this many dropped pictures without an entry, decoding continues at any picture. */
  private static final int MAX_SKIPPED = 300;

  private static final int SEQUENCES = 1 << 16;
  private static final byte[] NOTHING = {};

  private final SessionDescription video;
  private final Consumer<ByteBuffer> out;
  private final byte[] parameterSets;
  private final TransportWriter writer;
  private final TimeUnwrapper times = new TimeUnwrapper(Integer.SIZE);
  private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
  private int nextSequence = -1;
  private int timestamp;
  private boolean broken;
  private boolean skipping = true;
  private int skipped;

  /** Writes the pictures of a described video to {@code out}. */
  RtpAssembler(SessionDescription video, Consumer<ByteBuffer> out) {
    this.video = video;
    this.out = out;
    this.parameterSets = video.codec().parameterSets(video.parameters());
    this.writer = new TransportWriter(video.codec().streamType());
  }

  /** Adds the next packet. */
  void add(RtpPacket packet) {
    if (packet.type() != video.payloadType()) {
      return;
    }
    boolean lost = nextSequence >= 0 && packet.sequence() != nextSequence;
    nextSequence = (packet.sequence() + 1) % SEQUENCES;
    if (video.codec() == RtpCodec.MP2T) {
      out.accept(packet.payload());
      return;
    }
    broken |= lost;
    skipping |= lost;
    if (packet.timestamp() != timestamp) {
      finish();
      timestamp = packet.timestamp();
      broken = lost; // the lost packet may have been its first one
    }
    boolean fits = unit.size() + packet.payload().remaining() <= MAX_UNIT_BYTES;
    broken |= !fits || !video.codec().append(packet.payload(), unit);
    if (packet.marker()) {
      finish();
    }
  }

  /** Writes the picture if it is complete, and starts the next one. */
  private void finish() {
    if (unit.size() > 0 && !broken) {
      byte[] picture = unit.toByteArray();
      boolean key = isKey(picture);
      boolean begins = key || skipping;
      skipping &= !key && ++skipped <= MAX_SKIPPED;
      if (!skipping) {
        skipped = 0;
        long time = scaled(times.unwrap(Integer.toUnsignedLong(timestamp)));
        out.accept(writer.picture(picture, begins ? parameterSets : NOTHING, begins, time));
      }
    }
    unit.reset();
    broken = false;
  }

  private long scaled(long time) {
    return video.clockRate() == RtpCodec.CLOCK_RATE
        ? time
        : Math.round((double) time * RtpCodec.CLOCK_RATE / video.clockRate());
  }

  /** Whether one of the picture's units, each after a start code 0, 0, 1, is that of an entry. */
  private boolean isKey(byte[] picture) {
    for (int i = 0; i + 4 < picture.length; i++) {
      if (picture[i] == 0
          && picture[i + 1] == 0
          && picture[i + 2] == 1
          && video.codec().isKey(picture[i + 3] & 0xff, picture[i + 4])) {
        return true;
      }
    }
    return false;
  }
}
