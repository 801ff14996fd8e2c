package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Times that go on where a container's overflow: those of MPEG-TS have 33 bits, which are over
 * after 26.5 hours. Each is taken to be the one nearest to the last.
 */
public final class TimeUnwrapper {
  private final int bits;
  private boolean begun;
  private long last;

  /** Unwraps times of so many bits; 64 for those that do not overflow. */
  public TimeUnwrapper(int bits) {
    this.bits = bits;
  }

  /** Replaces a packet's times, in the order of decoding. */
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

  public long unwrap(long time) {
    int unused = Long.SIZE - bits;
    last = begun ? last + ((time - last) << unused >> unused) : time;
    begun = true;
    return last;
  }
}
