package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import io.saccade.video.VideoException;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Reads the packets of a plan, one run after the other, and checks that they are the packets of the
 * index: where a seek has landed is found out from the times of the packets read.
 */
final class PacketCursor implements FrameReader.PacketSource {
  /** Up to this number of packets, reading over them is cheaper than a seek. */
  private static final int SEEK_OVER = 64;

  private static final int UNKNOWN = -1;

  private final Demuxer demuxer;
  private final PacketIndex index;
  private final DecodePlan plan;
  private int next;
  private DecodePlan.Run run = new DecodePlan.Run(0, 0, 0);
  private boolean begun;
  private boolean rewound;

  /**
   * A cursor at the start of the video.
   *
   * @param demuxer newly opened; the caller closes it
   */
  PacketCursor(Demuxer demuxer, PacketIndex index, DecodePlan plan) {
    this.demuxer = demuxer;
    this.index = index;
    this.plan = plan;
  }

  /** Moves to a run that is behind the current one. */
  void begin(DecodePlan.Run target) {
    run = target;
    begun = false;
    rewound = false;
    if (target.first() - next > SEEK_OVER && demuxer.seek(index.time(target.first()))) {
      next = UNKNOWN;
    }
  }

  /** Reads the next packet of the run that the plan sends to the decoder. */
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
      throw new IrregularException("the second reading gave fewer packets");
    }
    return false;
  }

  /**
   * Returns the number of the packet just read, or UNKNOWN after a seek to a packet that is not
   * shown.
   */
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
      throw new IrregularException("the second reading gave other packets");
    }
    return next++;
  }

  /** Seeks to the start of the video, after a seek that went too far. */
  private void rewind() {
    if (rewound || !demuxer.seek(index.time(0))) {
      throw new IrregularException("the start of a run was not found again");
    }
    rewound = true;
    next = UNKNOWN;
  }
}
