package io.saccade.video.decode;

import io.saccade.video.SourceFacts;
import io.saccade.video.image.Orientation;
import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * The facts of a video that its container and its first frame give.
 *
 * @param container FFmpeg's name of the container format
 * @param codec FFmpeg's name of the codec
 * @param frameRate frames per second as the container states or FFmpeg estimates it; 0 if unknown
 * @param codedWidth width in pixels of the first frame as decoded
 * @param codedHeight height in pixels of the first frame as decoded
 * @param orientation how the first frame is displayed
 *     <p>Public for the packages {@code sampling} and {@code live} only.
 */
public record SourceShape(
    String container,
    String codec,
    double frameRate,
    int codedWidth,
    int codedHeight,
    Orientation orientation) {

  /** Reads the facts of a video at its first frame. */
  public static SourceShape of(Demuxer demuxer, AVFrame frame) {
    return new SourceShape(
        demuxer.containerName(),
        demuxer.codecName(),
        demuxer.frameRate(),
        frame.width(),
        frame.height(),
        Orientation.of(frame));
  }

  /** Adds the number of frames and the times, in nanoseconds, to the facts of this shape. */
  public SourceFacts facts(
      int frames,
      int keyFrames,
      long firstPts,
      long lastPts,
      long end,
      long decodeNanos,
      long resizeNanos) {
    return new SourceFacts(
        container,
        codec,
        codedWidth,
        codedHeight,
        orientation.displayWidth(codedWidth, codedHeight),
        orientation.displayHeight(codedWidth, codedHeight),
        orientation.rotationDegrees(),
        orientation.mirrored(),
        frames,
        keyFrames,
        frameRate,
        Duration.ofNanos(Math.max(end - firstPts, 0)),
        Duration.ofNanos(firstPts),
        Duration.ofNanos(lastPts),
        Duration.ofNanos(decodeNanos),
        Duration.ofNanos(resizeNanos));
  }
}
