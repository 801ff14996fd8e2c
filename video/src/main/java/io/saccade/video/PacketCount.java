package io.saccade.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * What reading a video without decoding it tells. Headers may lie about the number of frames; the
 * packets hardly ever do, and only decoding proves it.
 *
 * @param framesInRange frames to expect in the range
 * @param keyFrames packets that are key frames
 * @param frameRate frames per second, positive
 * @param damaged whether the container proved to be damaged
 */
record PacketCount(int framesInRange, int keyFrames, double frameRate, boolean damaged) {

  /** Reads all packets of the demuxer. */
  static PacketCount of(Demuxer demuxer, PtsRange range) throws VideoException {
    StreamClock clock = demuxer.clock();
    AVPacket packet = Ffmpeg.allocated(av_packet_alloc());
    int packets = 0;
    int inRange = 0;
    int keyFrames = 0;
    try {
      while (demuxer.read(packet)) {
        boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
        boolean discarded = (packet.flags() & AV_PKT_FLAG_DISCARD) != 0 || packet.size() == 0;
        if (!discarded) {
          inRange += range.contains(clock.nanos(demuxer.timestamp(packet), packets++)) ? 1 : 0;
        }
        keyFrames += key ? 1 : 0;
        av_packet_unref(packet);
      }
    } finally {
      av_packet_free(packet);
    }
    return new PacketCount(inRange, keyFrames, clock.framesPerSecond(), demuxer.damaged());
  }
}
