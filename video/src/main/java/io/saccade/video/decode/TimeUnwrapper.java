package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Extends times with few bits, which overflow, to 64 bits: the times of MPEG-TS have 33 bits and
 * overflow after 26.5 hours, those of RTP have 32. Each time is extended to the value nearest to
 * the one before. Not thread-safe. Public for the packages {@code rtsp} and {@code live} only.
 */
public final class TimeUnwrapper {
  private final int bits;
  private boolean begun;
  private long last;

  /** An unwrapper of times with this number of bits; 64 if they do not overflow. */
  public TimeUnwrapper(int bits) {
    this.bits = bits;
  }

  /** Replaces a packet's decoding and presentation times; call it in decoding order. */
  public void apply(AVPacket packet) {
    if (bits >= Long.SIZE - 1 || bits <= 1) {
      return;
    }
    if (packet.dts() != AV_NOPTS_VALUE) {
      packet.dts(unwrap(packet.dts()));
    }
    if (packet.pts() != AV_NOPTS_VALUE) {
      packet.pts(unwrap(packet.pts()));
    }
  }

  /** Extends a time. */
  public long unwrap(long time) {
    int unused = Long.SIZE - bits;
    last = begun ? last + ((time - last) << unused >> unused) : time;
    begun = true;
    return last;
  }
}
