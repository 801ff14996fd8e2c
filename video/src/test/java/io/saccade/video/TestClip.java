package io.saccade.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import io.saccade.video.decode.Ffmpeg;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacv.FFmpegFrameRecorder;

/**
 * Makes small videos whose frames show their number: eight stripes from left to right are the bits
 * of the number, highest first, white for 1.
 */
public final class TestClip {
  public static final int WIDTH = 128;
  static final int HEIGHT = 96;
  static final int FRAME_RATE = 25;
  private static final int BITS = 8;

  static {
    // FFmpeg and JavaCV would print a description of each file that is written.
    System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
    Ffmpeg.load();
  }

  private final int frames;
  private int codec = AV_CODEC_ID_MPEG4;
  private int gop = 12;
  private int reordered;
  private double rotation;
  private int width = WIDTH;
  private int height = HEIGHT;
  private int first;
  private double offset;
  private String layout = "faststart";

  private TestClip(int frames) {
    this.frames = frames;
  }

  /** An MPEG-4 part 2 video of so many frames, at most 256. */
  public static TestClip of(int frames) {
    return new TestClip(frames);
  }

  public TestClip h264() {
    codec = avcodec.AV_CODEC_ID_H264;
    return this;
  }

  public TestClip gop(int size) {
    gop = size;
    return this;
  }

  public TestClip bFrames(int count) {
    reordered = count;
    return this;
  }

  public TestClip size(int pixelsWide, int pixelsHigh) {
    width = pixelsWide;
    height = pixelsHigh;
    return this;
  }

  /** The number that the first frame shows. */
  public TestClip from(int number) {
    first = number;
    return this;
  }

  /** Moves all presentation times, in seconds. */
  public TestClip offset(double seconds) {
    offset = seconds;
    return this;
  }

  /** As fragments after a head, in MP4. */
  public TestClip fragmented() {
    layout = "frag_keyframe+empty_moov+default_base_moof";
    return this;
  }

  /** Counterclockwise turn for display, as FFmpeg counts it. */
  public TestClip rotated(double degrees) {
    rotation = degrees;
    return this;
  }

  /** Writes the video; the name's ending chooses the container. */
  public Path write(Path file) throws Exception {
    try (FFmpegFrameRecorder recorder =
        new FFmpegFrameRecorder("file:" + file.toAbsolutePath(), width, height)) {
      recorder.setVideoCodec(codec);
      recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
      recorder.setFrameRate(FRAME_RATE);
      recorder.setVideoBitrate(2_000_000);
      recorder.setGopSize(gop);
      recorder.setMaxBFrames(reordered);
      recorder.setVideoOption("sc_threshold", "1000000000"); // key frames by the GOP size alone
      recorder.setOption("movflags", layout);
      recorder.setOption("output_ts_offset", Double.toString(offset));
      recorder.setDisplayRotation(rotation);
      recorder.start();
      for (int i = 0; i < frames; i++) {
        recorder.recordImage(width, height, 8, 3, 3 * width, AV_PIX_FMT_RGB24, picture(first + i));
      }
    }
    return file;
  }

  private ByteBuffer picture(int number) {
    ByteBuffer rgb = ByteBuffer.allocateDirect(width * height * 3);
    for (int i = 0; i < width * height; i++) {
      int bit = BITS - 1 - i % width * BITS / width;
      byte value = (byte) ((number >> bit & 1) == 1 ? 235 : 16);
      rgb.put(value).put(value).put(value);
    }
    return rgb.flip();
  }

  /** The number that a squashed frame shows. */
  public static int numberShown(SampledFrame frame) {
    return numberShown(frame.rgb(), frame.width(), frame.height());
  }

  /** The number that a squashed live frame shows. */
  public static int numberShown(LiveFrame frame) {
    return numberShown(frame.rgb(), frame.width(), frame.height());
  }

  private static int numberShown(ByteBuffer rgb, int width, int height) {
    int number = 0;
    for (int bit = 0; bit < BITS; bit++) {
      int x = (2 * bit + 1) * width / (2 * BITS);
      int y = height / 2;
      int value = rgb.get((y * width + x) * 3) & 0xff;
      number = number << 1 | (value > 127 ? 1 : 0);
    }
    return number;
  }
}
