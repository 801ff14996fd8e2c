package io.saccade.video.decode;

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

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import java.nio.channels.ReadableByteChannel;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Reads the packets of a container's best video stream, in file order. Not thread-safe; owns the
 * container. See decision 33 in {@code docs/decisions.md}. Public for the packages {@code sampling}
 * and {@code live} only.
 */
public final class Demuxer implements AutoCloseable {
  private static final double DEFAULT_FRAME_RATE = 25;

  /** With more threads, a decoder may output a frame before another thread finds damage in it. */
  private static final int SAFE_THREADS = 2;

  /**
   * After this many consecutive packets of other video streams, the chosen stream of a live source
   * counts as ended.
   */
  private static final int MAX_OTHER_VIDEO_PACKETS = 25;

  private final VideoLimits limits;
  private final MediaContainer container;
  private final AVStream stream;
  private final boolean live;
  private final int codec;
  private final boolean corruptFlagCounts;
  private final boolean decodeOrderTimes;
  private final boolean indexed;
  private long packets;
  private int otherVideoPackets;
  private boolean damaged;

  private Demuxer(MediaContainer container, VideoLimits limits, boolean live)
      throws VideoException {
    this.container = container;
    this.limits = limits;
    this.live = live;
    this.stream = selectStream(container.context());
    this.codec = stream.codecpar().codec_id();
    // In a transport stream, the flag is set after any jump of the counters, which every splice
    // causes.
    this.corruptFlagCounts = !container.name().equals("mpegts");
    this.decodeOrderTimes = container.name().equals("avi");
    this.indexed = container.name().startsWith("mov,") || container.name().startsWith("matroska,");
    limits.requirePixels(Ffmpeg.pixels(stream));
  }

  /** Opens a regular file; the caller closes the result. */
  public static Demuxer open(VideoFile file, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    return of(MediaContainer.open(file, limits, budget), limits, false);
  }

  /**
   * Opens an endless stream. For this demuxer it also ends where another video stream replaces the
   * chosen one.
   *
   * @param stream closed with the result, or by this method if it fails
   */
  public static Demuxer open(ReadableByteChannel stream, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    return of(MediaContainer.open(stream, limits, budget), limits, true);
  }

  private static Demuxer of(MediaContainer container, VideoLimits limits, boolean live)
      throws VideoException {
    try {
      return new Demuxer(container, limits, live);
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

  /**
   * FFmpeg's best stream, which players show, or the first other video stream if that is cover art.
   */
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
   * @return false at the end of the readable packets
   */
  public boolean read(AVPacket packet) throws VideoException {
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
      if (live && hasEnded(packet)) {
        av_packet_unref(packet);
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

  /** Whether the codec of the chosen stream changed, or another video stream replaced it. */
  private boolean hasEnded(AVPacket packet) {
    AVStream origin = container.context().streams(packet.stream_index());
    if (origin.index() == stream.index()) {
      otherVideoPackets = 0;
    } else if (isVideo(origin)) {
      otherVideoPackets++;
    }
    return otherVideoPackets > MAX_OTHER_VIDEO_PACKETS || stream.codecpar().codec_id() != codec;
  }

  /**
   * Seeks to a packet with a presentation time near {@code time}, in the stream's time base. Which
   * packet that is has to be found out by reading it.
   *
   * @return false if the container cannot seek; the position is then unchanged
   */
  public boolean seek(long time) {
    return indexed
        && av_seek_frame(container.context(), stream.index(), time, AVSEEK_FLAG_BACKWARD) >= 0;
  }

  /** Whether the container stores the sizes of its packets and can find one by its time. */
  public boolean indexed() {
    return indexed;
  }

  /**
   * The number of threads that one decoder of the stream may use. It is one where the file may be
   * cut within a packet: what several threads output of the last packets is not deterministic.
   */
  public int decoderThreads() {
    return indexed ? Math.min(limits.decoderThreads(), SAFE_THREADS) : 1;
  }

  /** The share of the file's bytes before the current position, 0 to 1. */
  public double shareRead() {
    return container.shareRead();
  }

  /**
   * The presentation time of a packet in the stream's time base, or AV_NOPTS_VALUE if the container
   * has none.
   */
  public long timestamp(AVPacket packet) {
    return decodeOrderTimes || packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
  }

  /**
   * Whether the container stores times in decoding order (AVI). Then the k-th frame shown has the
   * k-th time, whatever packet it came from.
   */
  public boolean decodeOrderTimes() {
    return decodeOrderTimes;
  }

  /** The selected stream; valid until this is closed. */
  public AVStream stream() {
    return stream;
  }

  /** Whether a packet read so far was marked as damaged, or reading ended with an error. */
  public boolean damaged() {
    return damaged;
  }

  /**
   * Throws REFUSED if the container declares larger frames than allowed. Call it for a video of
   * which no frame could be decoded: decoders refuse large frames without a reason, whereas a
   * declared size that decodes to a smaller one is harmless.
   */
  public void requireDeclaredSize() throws VideoException {
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

  /** The clock of the stream, with 25 frames per second if the rate is unknown. */
  public StreamClock clock() {
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
