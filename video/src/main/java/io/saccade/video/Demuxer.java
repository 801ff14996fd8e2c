package io.saccade.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_buffer2;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set_int;

import io.saccade.video.VideoException.Category;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.PointerPointer;

/** A container with its best video stream selected; gives that stream's packets in file order. */
final class Demuxer implements AutoCloseable {
  private static final double DEFAULT_FRAME_RATE = 25;
  private static final int SCRIPT_HEAD_BYTES = 64;

  private final VideoLimits limits;
  private final WorkBudget budget;
  private final ChannelInput input;
  private AVFormatContext format;
  private AVStream stream;
  private boolean corruptFlagCounts;
  private boolean decodeOrderTimes;
  private long declaredPixels;
  private long packets;
  private boolean damaged;

  private Demuxer(ChannelInput input, VideoLimits limits, WorkBudget budget) {
    this.input = input;
    this.limits = limits;
    this.budget = budget;
  }

  /** Opens a regular file; the caller closes the result. */
  static Demuxer open(Path file, VideoLimits limits, WorkBudget budget) throws VideoException {
    Ffmpeg.load();
    SeekableByteChannel channel = openChannel(file, limits);
    Demuxer demuxer = new Demuxer(new ChannelInput(channel, budget), limits, budget);
    try {
      demuxer.openContainer(demuxer.probe());
      demuxer.selectStream();
      return demuxer;
    } catch (VideoException | RuntimeException | Error e) {
      demuxer.close();
      throw e;
    }
  }

  private static SeekableByteChannel openChannel(Path file, VideoLimits limits)
      throws VideoException {
    if (!Files.exists(file)) {
      throw new VideoException(Category.UNREADABLE, "no such file");
    }
    if (!Files.isRegularFile(file)) { // a pipe or device could block for ever
      throw new VideoException(Category.REFUSED, "not a regular file; give a video file");
    }
    try {
      long size = Files.size(file);
      if (size == 0) {
        throw new VideoException(Category.UNREADABLE, "the file is empty");
      }
      if (size > limits.maxFileBytes()) {
        throw overLimit("file size in bytes", size, limits.maxFileBytes());
      }
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new VideoException(
          Category.UNREADABLE, "the file cannot be opened; check its permissions", 0, e);
    }
  }

  /** Recognises the container by content alone, before any demuxer runs on it. */
  private AVInputFormat probe() throws VideoException {
    AVInputFormat found = new AVInputFormat(null);
    int code = av_probe_input_buffer2(input.context(), found, "", null, 0, 0);
    budget.check();
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
      return new VideoException(Category.UNREADABLE, "the file cannot be read", 0, e);
    }
    return unreadable("the file is in no known media format", code);
  }

  private void openContainer(AVInputFormat container) throws VideoException {
    format = Ffmpeg.allocated(avformat_alloc_context());
    format.pb(input.context());
    format.max_streams(limits.maxStreams());
    input.interrupts(format);
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "format_whitelist", MediaFormats.ALLOWED, 0);
    av_dict_set(options, "protocol_whitelist", MediaFormats.NO_PROTOCOL, 0);
    int code = avformat_open_input(format, "", container, options);
    av_dict_free(options);
    if (code < 0) {
      format = null; // FFmpeg has freed it
      budget.check();
      throw unreadable("the container is damaged or incomplete", code);
    }
    refuseStillImages();
    declaredPixels = largestDeclaredFrame();
    findStreams();
  }

  /** Asked before FFmpeg replaces what the container says by what the decoder accepts. */
  private long largestDeclaredFrame() {
    long largest = 0;
    for (int i = 0; i < format.nb_streams(); i++) {
      largest = Math.max(largest, pixels(format.streams(i)));
    }
    return largest;
  }

  private static long pixels(AVStream stream) {
    return (long) stream.codecpar().width() * stream.codecpar().height();
  }

  private void refuseStillImages() throws VideoException {
    AVDictionaryEntry brand = av_dict_get(format.metadata(), "major_brand", null, 0);
    if (brand != null && MediaFormats.isStillImageBrand(brand.value().getString())) {
      throw new VideoException(
          Category.REFUSED, "the file is a still image (HEIF or AVIF); give a video");
    }
  }

  /** Lets FFmpeg read the beginning; it may decode there, so the limits hold there, too. */
  private void findStreams() throws VideoException {
    int count = format.nb_streams();
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(count, 1))) {
      for (int i = 0; i < count; i++) {
        AVDictionary decoderOptions = new AVDictionary(null);
        av_dict_set_int(decoderOptions, "max_pixels", limits.maxPixels(), 0);
        options.put(i, decoderOptions);
      }
      int code = avformat_find_stream_info(format, options);
      for (int i = 0; i < count; i++) {
        AVDictionary unused = options.get(AVDictionary.class, i);
        if (unused != null) {
          av_dict_free(unused);
        }
      }
      budget.check();
      if (code < 0) {
        throw unreadable("the streams cannot be recognised", code);
      }
    }
  }

  private void selectStream() throws VideoException {
    int best = bestStream();
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != best) {
        format.streams(i).discard(AVDISCARD_ALL);
      }
    }
    stream = format.streams(best);
    // A transport stream marks the packet after any jump of its counters, as every splice makes.
    corruptFlagCounts = !containerName().equals("mpegts");
    decodeOrderTimes = containerName().equals("avi");
    requirePixels(pixels(stream));
  }

  /**
   * Throws REFUSED if the container declares larger frames than allowed. A decoder refuses those
   * without saying why, and a declared size that decodes to a smaller one does no harm; so this is
   * for a video that does not decode.
   */
  void blameDeclaredSize() throws VideoException {
    requirePixels(declaredPixels);
  }

  private void requirePixels(long pixels) throws VideoException {
    if (pixels > limits.maxPixels()) {
      throw overLimit("pixels of a frame", pixels, limits.maxPixels());
    }
  }

  /** FFmpeg's choice, as players make it, except that cover art is not a video. */
  private int bestStream() throws VideoException {
    int best = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (best >= 0 && isVideo(best)) {
      return best;
    }
    for (int i = 0; i < format.nb_streams(); i++) {
      if (isVideo(i)) {
        return i;
      }
    }
    throw new VideoException(Category.NO_VIDEO_STREAM, "the file holds no video stream");
  }

  private boolean isVideo(int index) {
    AVStream candidate = format.streams(index);
    return candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
        && (candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0;
  }

  /**
   * Reads the next packet of the video stream.
   *
   * @return false at the end of what can be read
   */
  boolean read(AVPacket packet) throws VideoException {
    while (true) {
      budget.check();
      int code = av_read_frame(format, packet);
      if (code == AVERROR_EAGAIN()) {
        continue;
      }
      if (code < 0) {
        budget.check();
        damaged |= code != AVERROR_EOF || input.failure().isPresent();
        return false;
      }
      if (packet.stream_index() == stream.index()) {
        damaged |= corruptFlagCounts && (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
        countPacket();
        return true;
      }
      av_packet_unref(packet);
    }
  }

  private void countPacket() throws VideoException {
    if (++packets > limits.maxPackets()) {
      throw overLimit("packets of the video stream", packets, limits.maxPackets());
    }
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

  /** FFmpeg's name of the container format. */
  String containerName() {
    return format.iformat().name().getString();
  }

  /** FFmpeg's name of the codec. */
  String codecName() {
    return avcodec_get_name(stream.codecpar().codec_id()).getString();
  }

  /** Frames per second as the container states or FFmpeg estimates it; 0 if unknown. */
  double frameRate() {
    double average = ratio(stream.avg_frame_rate());
    return average > 0 ? average : ratio(stream.r_frame_rate());
  }

  /** The stream's clock. */
  StreamClock clock() {
    double rate = frameRate();
    return StreamClock.of(stream.time_base(), rate > 0 ? rate : DEFAULT_FRAME_RATE);
  }

  private static double ratio(AVRational value) {
    return value.den() == 0 ? 0 : (double) value.num() / value.den();
  }

  private static VideoException unreadable(String what, int code) {
    return new VideoException(
        Category.UNREADABLE, "%s (FFmpeg: %s)".formatted(what, Ffmpeg.errorText(code)));
  }

  private static VideoException overLimit(String what, long value, long limit) {
    return new VideoException(
        Category.REFUSED, "%s: %d is above the limit of %d".formatted(what, value, limit));
  }

  @Override
  public void close() {
    if (format != null) {
      avformat_close_input(format);
      format = null;
    }
    input.close();
  }
}
