package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import io.saccade.video.VideoException;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Reads the packets of a plan, one run after the other, and makes sure that they are the ones that
 * the index knows: no seek is trusted to land where it should.
 */
final class PacketCursor implements FrameReader.PacketSource {
  /** Packets that are cheaper to read over than to seek over. */
  private static final int SEEK_OVER = 64;

  private static final int UNKNOWN = -1;

  private final Demuxer demuxer;
  private final PacketIndex index;
  private final DecodePlan plan;
  private int next;
  private DecodePlan.Run run;
  private boolean begun;
  private boolean rewound;

  /**
   * A cursor at the start of the video.
   *
   * @param demuxer freshly opened; stays the caller's to close
   */
  PacketCursor(Demuxer demuxer, PacketIndex index, DecodePlan plan) {
    this.demuxer = demuxer;
    this.index = index;
    this.plan = plan;
  }

  /** Goes to a run behind the last one. */
  void begin(DecodePlan.Run target) {
    run = target;
    begun = false;
    rewound = false;
    if (target.first() - next > SEEK_OVER && demuxer.seek(index.time(target.first()))) {
      next = UNKNOWN;
    }
  }

  /** Reads the next packet of the run that the plan sends. */
  @Override
  public boolean read(AVPacket packet) throws VideoException {
    while (next < run.end() && demuxer.read(packet)) {
      int number = identify(packet);
      begun |= number == run.first();
      if (begun && plan.sends(number)) {
        return true;
      }
      av_packet_unref(packet);
      if (!begun && number > run.first()) {
        rewind();
      }
    }
    if (next < run.end()) {
      throw new IrregularException("a second reading gives fewer packets");
    }
    return false;
  }

  /** The number of the packet just read; UNKNOWN after a seek to one that is not shown. */
  private int identify(AVPacket packet) {
    long time = demuxer.timestamp(packet);
    if (next == UNKNOWN) {
      int rank = index.rank(time);
      if (rank < 0) {
        return UNKNOWN;
      }
      next = index.packetShown(rank);
    }
    if (next >= index.packets() || index.time(next) != time) {
      throw new IrregularException("a second reading gives other packets");
    }
    return next++;
  }

  /** A seek went too far. */
  private void rewind() {
    if (rewound || !demuxer.seek(index.time(0))) {
      throw new IrregularException("the start of a run cannot be found again");
    }
    rewound = true;
    next = UNKNOWN;
  }
}
