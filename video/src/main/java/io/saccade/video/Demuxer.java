package io.saccade.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.saccade.video.VideoException.Category;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** The packets of a container's best video stream, in file order. */
final class Demuxer implements AutoCloseable {
  private static final double DEFAULT_FRAME_RATE = 25;

  private final VideoLimits limits;
  private final MediaContainer container;
  private final AVStream stream;
  private final boolean corruptFlagCounts;
  private final boolean decodeOrderTimes;
  private final boolean indexed;
  private long packets;
  private boolean damaged;

  private Demuxer(MediaContainer container, VideoLimits limits) throws VideoException {
    this.container = container;
    this.limits = limits;
    this.stream = selectStream(container.context());
    // A transport stream marks the packet after any jump of its counters, as every splice makes.
    this.corruptFlagCounts = !container.name().equals("mpegts");
    this.decodeOrderTimes = container.name().equals("avi");
    this.indexed = container.name().startsWith("mov,") || container.name().startsWith("matroska,");
    limits.requirePixels(Ffmpeg.pixels(stream));
  }

  /** Opens a regular file; the caller closes the result. */
  static Demuxer open(VideoFile file, VideoLimits limits, WorkBudget budget) throws VideoException {
    MediaContainer container = MediaContainer.open(file, limits, budget);
    try {
      return new Demuxer(container, limits);
    } catch (VideoException | RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  private static AVStream selectStream(AVFormatContext context) throws VideoException {
    int best = bestStream(context);
    for (int i = 0; i < context.nb_streams(); i++) {
      if (i != best) {
        context.streams(i).discard(AVDISCARD_ALL);
      }
    }
    return context.streams(best);
  }

  /** FFmpeg's choice, as players make it, except that cover art is not a video. */
  private static int bestStream(AVFormatContext context) throws VideoException {
    int best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (best >= 0 && isVideo(context.streams(best))) {
      return best;
    }
    for (int i = 0; i < context.nb_streams(); i++) {
      if (isVideo(context.streams(i))) {
        return i;
      }
    }
    throw new VideoException(Category.NO_VIDEO_STREAM, "the file holds no video stream");
  }

  private static boolean isVideo(AVStream stream) {
    return stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
        && (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0;
  }

  /**
   * Reads the next packet of the video stream.
   *
   * @return false at the end of what can be read
   */
  boolean read(AVPacket packet) throws VideoException {
    while (true) {
      container.checkInput();
      int code = av_read_frame(container.context(), packet);
      if (code == AVERROR_EAGAIN()) {
        continue;
      }
      if (code < 0) {
        container.checkInput();
        damaged |= code != AVERROR_EOF;
        return false;
      }
      if (packet.stream_index() == stream.index()) {
        damaged |= corruptFlagCounts && (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
        limits.requirePackets(++packets);
        return true;
      }
      av_packet_unref(packet);
    }
  }

  /**
   * Moves to a packet with a presentation time near {@code time}, in the stream's time base; to
   * which one, only reading tells.
   *
   * @return false if the container has no index, and nothing has moved
   */
  boolean seek(long time) {
    return indexed
        && av_seek_frame(container.context(), stream.index(), time, AVSEEK_FLAG_BACKWARD) >= 0;
  }

  /** Whether the container frames its packets itself and can find one by its time. */
  boolean indexed() {
    return indexed;
  }

  /** The share of the file's bytes that lies before the place reached, 0 to 1. */
  double shareRead() {
    return container.shareRead();
  }

  /**
   * Presentation time of a packet in the stream's time base, as far as the container tells it, or
   * AV_NOPTS_VALUE.
   */
  long timestamp(AVPacket packet) {
    return decodeOrderTimes || packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
  }

  /**
   * Whether the container numbers packets in the order they are decoded, so that the k-th frame
   * shown has the k-th time, whatever packet it came from (AVI).
   */
  boolean decodeOrderTimes() {
    return decodeOrderTimes;
  }

  /** The selected stream; valid until this is closed. */
  AVStream stream() {
    return stream;
  }

  /** Whether something read so far was marked damaged, or reading ended with an error. */
  boolean damaged() {
    return damaged;
  }

  /**
   * Throws REFUSED if the container declares larger frames than allowed. A decoder refuses those
   * without saying why, and a declared size that decodes to a smaller one does no harm; so this is
   * for a video that does not decode.
   */
  void blameDeclaredSize() throws VideoException {
    limits.requirePixels(container.declaredPixels());
  }

  /** FFmpeg's name of the container format. */
  String containerName() {
    return container.name();
  }

  /** FFmpeg's name of the codec. */
  String codecName() {
    return avcodec_get_name(stream.codecpar().codec_id()).getString();
  }

  /** Frames per second as the container states or FFmpeg estimates it; 0 if unknown. */
  double frameRate() {
    double average = ratio(stream.avg_frame_rate());
    return average > 0 ? average : Math.max(ratio(stream.r_frame_rate()), 0);
  }

  /** The stream's clock. */
  StreamClock clock() {
    double rate = frameRate();
    return StreamClock.of(stream.time_base(), rate > 0 ? rate : DEFAULT_FRAME_RATE);
  }

  private static double ratio(AVRational value) {
    return value.den() == 0 ? 0 : (double) value.num() / value.den();
  }

  @Override
  public void close() {
    container.close();
  }
}
