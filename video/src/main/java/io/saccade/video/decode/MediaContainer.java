package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_buffer2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set_int;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * An opened container with its streams. The format is recognised from the bytes alone, and only the
 * allowed video containers are passed to a demuxer. See decision 10 in {@code docs/decisions.md}.
 */
final class MediaContainer implements AutoCloseable {
  private static final int SCRIPT_HEAD_BYTES = 64;

  /** How much of a live video FFmpeg may analyse before the first packet, in microseconds. */
  private static final long LIVE_ANALYSIS_MICROS = 1_000_000;

  private final VideoLimits limits;
  private final WorkBudget budget;
  private final ChannelInput input;
  private final boolean live;
  private @Nullable AVFormatContext context;
  private long declaredPixels;

  private MediaContainer(ChannelInput input, VideoLimits limits, WorkBudget budget, boolean live) {
    this.input = input;
    this.limits = limits;
    this.budget = budget;
    this.live = live;
  }

  /** Opens a regular file; the caller closes the result. */
  static MediaContainer open(VideoFile file, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    Ffmpeg.load();
    return open(ChannelInput.open(file, limits, budget), limits, budget, false);
  }

  /**
   * Opens an endless stream and reads no more of it than recognising it needs.
   *
   * @param stream closed with the result, or by this method if it fails
   */
  static MediaContainer open(ReadableByteChannel stream, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    Ffmpeg.load();
    return open(ChannelInput.stream(stream, budget), limits, budget, true);
  }

  private static MediaContainer open(
      ChannelInput input, VideoLimits limits, WorkBudget budget, boolean live)
      throws VideoException {
    MediaContainer container = new MediaContainer(input, limits, budget, live);
    try {
      container.openDemuxer(container.recognise());
      container.refuseStillImages();
      container.declaredPixels = container.largestFrame();
      container.findStreams();
      return container;
    } catch (VideoException | RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  /** Recognises the container by its bytes, before any demuxer runs on it. */
  private AVInputFormat recognise() throws VideoException {
    AVInputFormat found = new AVInputFormat(null);
    int code = av_probe_input_buffer2(input.context(), found, "", null, 0, 0);
    checkInput();
    if (code < 0) {
      throw unrecognised(code);
    }
    String names = found.name().getString();
    if (MediaFormats.holdsNoVideo(names)) {
      throw new VideoException(Category.NO_VIDEO_STREAM, "the file holds no video stream");
    }
    if (!MediaFormats.isVideoContainer(names)) {
      throw new VideoException(
          Category.REFUSED,
          "format '%s' is not among the allowed video containers; convert it to MP4 or Matroska"
              .formatted(names));
    }
    return found;
  }

  private VideoException unrecognised(int code) {
    try {
      if (MediaFormats.isReferringScript(input.head(SCRIPT_HEAD_BYTES))) {
        return new VideoException(
            Category.REFUSED, "the file is a playlist or script; give the video it refers to");
      }
    } catch (IOException e) {
      return VideoException.passing(Category.UNREADABLE, "the file cannot be read", e);
    }
    return unreadable("the file is in no known media format", code);
  }

  private void openDemuxer(AVInputFormat container) throws VideoException {
    AVFormatContext opened = Ffmpeg.allocated(avformat_alloc_context());
    context = opened;
    opened.pb(input.context());
    opened.max_streams(limits.maxStreams());
    input.installInterrupt(opened);
    if (live) {
      opened.max_analyze_duration(LIVE_ANALYSIS_MICROS);
      opened.correct_ts_overflow(0); // it handles one overflow only; see TimeUnwrapper
    }
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "format_whitelist", MediaFormats.ALLOWED, 0);
    av_dict_set(options, "protocol_whitelist", MediaFormats.NO_PROTOCOL, 0);
    int code = avformat_open_input(opened, "", container, options);
    av_dict_free(options);
    if (code < 0) {
      context = null; // FFmpeg has freed it
      checkInput();
      throw unreadable("the container is damaged or incomplete", code);
    }
  }

  private void refuseStillImages() throws VideoException {
    AVDictionaryEntry brand = av_dict_get(context().metadata(), "major_brand", null, 0);
    if (brand != null && MediaFormats.isStillImageBrand(brand.value().getString())) {
      throw new VideoException(
          Category.REFUSED, "the file is a still image (HEIF or AVIF); give a video");
    }
  }

  private long largestFrame() {
    long largest = 0;
    for (int i = 0; i < context().nb_streams(); i++) {
      largest = Math.max(largest, Ffmpeg.pixels(context().streams(i)));
    }
    return largest;
  }

  /** Lets FFmpeg read the beginning, where it may also decode; the limits apply to that, too. */
  private void findStreams() throws VideoException {
    int count = context().nb_streams();
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(count, 1))) {
      for (int i = 0; i < count; i++) {
        AVDictionary decoderOptions = new AVDictionary(null);
        av_dict_set_int(decoderOptions, "max_pixels", limits.maxPixels(), 0);
        options.put(i, decoderOptions);
      }
      int code = avformat_find_stream_info(context(), options);
      for (int i = 0; i < count; i++) {
        AVDictionary unused = options.get(AVDictionary.class, i);
        if (unused != null) {
          av_dict_free(unused);
        }
      }
      checkInput();
      if (code < 0) {
        throw unreadable("the streams cannot be recognised", code);
      }
    }
  }

  /** Throws if FFmpeg was stopped by this side: out of time, cancelled, or the file unreadable. */
  void checkInput() throws VideoException {
    budget.check();
    if (input.failure().isPresent()) {
      throw VideoException.passing(
          Category.UNREADABLE, "the file cannot be read", input.failure().get());
    }
  }

  /** The share of the file before the current position, 0 to 1. */
  double shareRead() {
    return input.share();
  }

  /** FFmpeg's context; valid until this is closed. */
  AVFormatContext context() {
    return Objects.requireNonNull(context, "the container is closed");
  }

  /** FFmpeg's name of the format. */
  String name() {
    return context().iformat().name().getString();
  }

  /** Pixels of the largest frame that the container declares; the frames themselves may differ. */
  long declaredPixels() {
    return declaredPixels;
  }

  private static VideoException unreadable(String what, int code) {
    return new VideoException(
        Category.UNREADABLE, "%s (FFmpeg: %s)".formatted(what, Ffmpeg.errorText(code)));
  }

  @Override
  public void close() {
    if (context != null) {
      avformat_close_input(context);
      context = null;
    }
    input.close();
  }
}
