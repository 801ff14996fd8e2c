package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import java.util.ArrayDeque;
import java.util.Queue;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes packets into frames, in presentation order (FFmpeg's send/receive API). Not thread-safe.
 * Public for the packages {@code sampling} and {@code live} only.
 */
public final class FrameReader implements AutoCloseable {
  /** FFmpeg's AV_FRAME_FLAG_CORRUPT, a macro that the Java presets lack. */
  private static final int FRAME_FLAG_CORRUPT = 1;

  private static final int MAX_DECODER_DELAY = 256;

  private final Demuxer demuxer;
  private final PacketSource packets;
  private final Queue<Long> times = new ArrayDeque<>();
  private final WorkBudget budget;
  private final AVPacket packet;
  private final AVFrame frame;
  private final AVCodecContext decoder;
  private boolean draining;
  private int frames;
  private long timestamp;
  private boolean damaged;
  private boolean frameDamaged;

  /** Supplies packets. */
  @FunctionalInterface
  public interface PacketSource {
    /**
     * Reads the next packet into {@code packet}.
     *
     * @return false after the last packet
     */
    boolean read(AVPacket packet) throws VideoException;
  }

  /** A reader of all frames of a video; the caller closes the demuxer. */
  public FrameReader(Demuxer demuxer, VideoLimits limits, WorkBudget budget) throws VideoException {
    this(demuxer, demuxer::read, demuxer.decoderThreads(), limits, budget);
  }

  /**
   * A reader of the frames in the given packets.
   *
   * @param demuxer supplies the codec's parameters; the caller closes it
   * @param packets supplies packets of the demuxer's stream
   * @param threads number of decoder threads
   * @throws VideoException UNREADABLE if there is no decoder for the codec, CORRUPT if it cannot be
   *     set up
   */
  public FrameReader(
      Demuxer demuxer, PacketSource packets, int threads, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    this.demuxer = demuxer;
    this.packets = packets;
    this.budget = budget;
    AVCodec codec = findDecoder(demuxer);
    decoder = Ffmpeg.allocated(avcodec_alloc_context3(codec));
    packet = Ffmpeg.allocated(av_packet_alloc());
    frame = Ffmpeg.allocated(av_frame_alloc());
    try {
      openDecoder(codec, threads, limits);
    } catch (VideoException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static AVCodec findDecoder(Demuxer demuxer) throws VideoException {
    AVCodec codec = avcodec_find_decoder(demuxer.stream().codecpar().codec_id());
    if (codec == null) {
      throw new VideoException(
          Category.UNREADABLE,
          "there is no decoder for the video's codec '%s'; convert it to H.264"
              .formatted(demuxer.codecName()));
    }
    return codec;
  }

  private void openDecoder(AVCodec codec, int threads, VideoLimits limits) throws VideoException {
    AVStream stream = demuxer.stream();
    int code = avcodec_parameters_to_context(decoder, stream.codecpar());
    if (code >= 0) {
      decoder.pkt_timebase(stream.time_base());
      decoder.max_pixels(limits.maxPixels());
      decoder.thread_count(threads);
      code = avcodec_open2(decoder, codec, (AVDictionary) null);
    }
    if (code < 0) {
      throw new VideoException(
          Category.CORRUPT,
          "the decoder cannot be set up (FFmpeg: %s)".formatted(Ffmpeg.errorText(code)));
    }
  }

  /**
   * Returns the next frame, or null after the last one. The reader owns it; it is valid until the
   * next call.
   */
  public @Nullable AVFrame next() throws VideoException {
    while (true) {
      budget.check();
      int code = avcodec_receive_frame(decoder, frame);
      if (code >= 0) {
        recordFrame();
        return frame;
      }
      boolean needsPacket = code == AVERROR_EAGAIN();
      if (code == AVERROR_EOF || (needsPacket && draining)) {
        return null;
      }
      if (needsPacket) {
        sendPacket();
      } else {
        recordError();
      }
    }
  }

  /** Discards the decoder's state, to continue with packets that do not depend on earlier ones. */
  public void restart() {
    avcodec_flush_buffers(decoder);
    times.clear();
    draining = false;
  }

  private void recordFrame() {
    frames++;
    timestamp = times.isEmpty() ? frame.best_effort_timestamp() : times.remove();
    frameDamaged = (frame.flags() & FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0;
    damaged |= frameDamaged;
  }

  private void sendPacket() throws VideoException {
    int code;
    if (packets.read(packet)) {
      recordTime();
      code = avcodec_send_packet(decoder, packet);
      av_packet_unref(packet);
    } else {
      draining = true;
      code = avcodec_send_packet(decoder, null);
    }
    if (code < 0) {
      recordError();
    }
  }

  private void recordTime() {
    if (demuxer.decodeOrderTimes() && packet.size() > 0) {
      times.add(demuxer.timestamp(packet));
      if (times.size() > MAX_DECODER_DELAY) { // of packets that became no frame
        times.remove();
      }
    }
  }

  /**
   * Errors before the first frame do not count: a recording may begin in the middle of a group of
   * pictures.
   */
  private void recordError() {
    damaged |= frames > 0;
  }

  /**
   * The presentation time of the last frame returned, in the stream's time base, or AV_NOPTS_VALUE.
   */
  public long timestamp() {
    return timestamp;
  }

  /** The number of frames returned so far. */
  public int frames() {
    return frames;
  }

  /** Whether the last frame returned is damaged. */
  public boolean frameDamaged() {
    return frameDamaged;
  }

  /** Whether damage was found so far, in the container or in a frame. */
  public boolean damaged() {
    return damaged || demuxer.damaged();
  }

  @Override
  public void close() {
    avcodec_free_context(decoder);
    av_frame_free(frame);
    av_packet_free(packet);
  }
}
