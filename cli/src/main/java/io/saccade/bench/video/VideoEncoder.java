package io.saccade.bench.video;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;

/** Makes the bench's clips: MP4 files, the same ones each time. */
public final class VideoEncoder {
  /** About 4 Mbit/s at 1280x720. */
  private static final double BITS_PER_PIXEL = 0.145;

  static {
    // Read when JavaCPP loads; its default counts what the whole process holds, see module video.
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    av_log_set_level(AV_LOG_QUIET);
  }

  private VideoEncoder() {}

  /**
   * FFmpeg's name of the encoder that suits a clip: x264 where the libraries have it, else OpenH264
   * or, as that one makes no B-frames, MPEG-4.
   */
  static String nameFor(VideoClip clip) {
    List<String> suitable =
        clip.bFrames() > 0
            ? List.of("libx264", "mpeg4")
            : List.of("libx264", "libopenh264", "mpeg4");
    return suitable.stream()
        .filter(name -> avcodec_find_encoder_by_name(name) != null)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("FFmpeg has none of " + suitable));
  }

  /**
   * Makes a clip.
   *
   * @param file in a folder of the caller's, where others ({@code once.mp4}, {@code list.ffconcat})
   *     lie meanwhile
   */
  public static void write(VideoClip clip, Path file) throws IOException {
    if (clip.repeats() == 1) {
      encode(clip, file);
      return;
    }
    Path once = file.resolveSibling("once.mp4");
    encode(clip, once);
    repeat(clip, once, file);
    Files.delete(once);
  }

  private static void encode(VideoClip clip, Path file) throws IOException {
    int width = clip.width();
    int height = clip.height();
    VideoScene scene = new VideoScene(width, height);
    ByteBuffer picture = ByteBuffer.allocateDirect(width * height * 3 / 2);
    try (FFmpegFrameRecorder recorder = recorder(file, width, height)) {
      recorder.setVideoCodecName(nameFor(clip));
      recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
      recorder.setFrameRate(VideoClip.FRAME_RATE);
      recorder.setVideoBitrate((int) (width * height * VideoClip.FRAME_RATE * BITS_PER_PIXEL));
      recorder.setGopSize(clip.gop());
      recorder.setMaxBFrames(clip.bFrames());
      recorder.setVideoOption("flags", "+cgop");
      recorder.setVideoOption("sc_threshold", "1000000000"); // key frames by the GOP size alone
      recorder.start();
      for (int i = 0; i < clip.drawn(); i++) {
        scene.draw(i, picture);
        recorder.recordImage(width, height, Byte.SIZE, 1, width, AV_PIX_FMT_YUV420P, picture);
      }
    }
  }

  /** Chains copies of a clip; encoding ten minutes would take longer than all else. */
  private static void repeat(VideoClip clip, Path once, Path file) throws IOException {
    double seconds = (double) clip.drawn() / VideoClip.FRAME_RATE;
    String entry = "file %s%nduration %.6f%n".formatted(once.getFileName(), seconds);
    Path list = file.resolveSibling("list.ffconcat");
    Files.writeString(list, "ffconcat version 1.0\n" + entry.repeat(clip.repeats()));
    try (FFmpegFrameGrabber source = new FFmpegFrameGrabber("file:" + list);
        FFmpegFrameRecorder recorder = recorder(file, clip.width(), clip.height())) {
      source.setFormat("concat");
      source.start();
      recorder.start(source.getFormatContext());
      for (AVPacket packet = source.grabPacket(); packet != null; packet = source.grabPacket()) {
        recorder.recordPacket(packet);
      }
    }
    Files.delete(list);
  }

  private static FFmpegFrameRecorder recorder(Path file, int width, int height) {
    FFmpegFrameRecorder recorder =
        new FFmpegFrameRecorder("file:" + file.toAbsolutePath(), width, height);
    recorder.setFormat("mp4");
    return recorder;
  }
}
