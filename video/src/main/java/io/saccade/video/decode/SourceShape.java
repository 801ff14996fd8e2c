package io.saccade.video.decode;

import io.saccade.video.SourceFacts;
import io.saccade.video.image.Orientation;
import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** What container and first frame say about a video, apart from its frames' number and times. */
public record SourceShape(
    String container,
    String codec,
    double frameRate,
    int codedWidth,
    int codedHeight,
    Orientation orientation) {

  public static SourceShape of(Demuxer demuxer, AVFrame frame) {
    return new SourceShape(
        demuxer.containerName(),
        demuxer.codecName(),
        demuxer.frameRate(),
        frame.width(),
        frame.height(),
        Orientation.of(frame));
  }

  /** Completes the facts; times in nanoseconds. */
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
