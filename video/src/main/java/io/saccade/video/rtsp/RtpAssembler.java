package io.saccade.video.rtsp;

import io.saccade.video.decode.TimeUnwrapper;
import io.saccade.video.feed.RtpPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Puts the pictures of an RTP stream together and passes them on as a transport stream, the one
 * container that needs nothing but them. After a lost packet nothing counts before the next picture
 * where decoding may begin.
 */
final class RtpAssembler {
  private static final int MAX_UNIT_BYTES = 8 << 20;

  /** Without a beginning among so many pictures, decoding goes on anywhere. */
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

  /** Passes the pictures of a described video on to {@code out}. */
  RtpAssembler(SessionDescription video, Consumer<ByteBuffer> out) {
    this.video = video;
    this.out = out;
    this.parameterSets = video.codec().parameterSets(video.parameters());
    this.writer = new TransportWriter(video.codec().streamType());
  }

  /** Takes the next packet. */
  void take(RtpPacket packet) {
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
      broken = lost; // its beginning, perhaps
    }
    boolean fits = unit.size() + packet.payload().remaining() <= MAX_UNIT_BYTES;
    broken |= !fits || !video.codec().append(packet.payload(), unit);
    if (packet.marker()) {
      finish();
    }
  }

  /** Passes the picture on, if it is whole. */
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

  /** Whether one of the picture's parts says so; each begins after 0, 0, 1. */
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
