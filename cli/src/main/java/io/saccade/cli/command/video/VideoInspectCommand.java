package io.saccade.cli.command.video;

import io.saccade.cli.local.DiscardedFrames;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.Sampler;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.isolation.IsolatedSampler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code saccade video inspect}: describes files by decoding them. */
@Command(
    name = "inspect",
    description = {
      "Describes video files. Frames are counted, not taken from a header.",
      "Exits with 0 only if every file could be read."
    })
final class VideoInspectCommand implements Callable<Integer> {

  private static final SampleSpec ONE_FRAME = SampleSpec.uniform(1, 16, ResizeRule.SQUASH);

  @Mixin private VideoFiles files;
  @Mixin private LimitOptions limits;
  @Mixin private Output output;

  /**
   * A video; its components are the members of the JSON object.
   *
   * @param width of a frame as displayed, in pixels
   * @param codedWidth of a frame as decoded, in pixels
   * @param rotationDegrees clockwise turn for display
   * @param mirrored left to right, before the turn
   * @param framesPerSecond as the container states, 0 if unknown
   * @param durationSeconds from the first frame to the end of the last
   */
  private record Description(
      String container,
      String codec,
      int width,
      int height,
      int codedWidth,
      int codedHeight,
      int rotationDegrees,
      boolean mirrored,
      int frames,
      int keyFrames,
      double framesPerSecond,
      double durationSeconds,
      double firstPtsSeconds,
      double lastPtsSeconds) {

    static Description of(SourceFacts facts) {
      return new Description(
          facts.container(),
          facts.codec(),
          facts.displayWidth(),
          facts.displayHeight(),
          facts.codedWidth(),
          facts.codedHeight(),
          facts.rotationDegrees(),
          facts.mirrored(),
          facts.frameCount(),
          facts.keyFrames(),
          facts.averageFrameRate(),
          seconds(facts.duration()),
          seconds(facts.firstPts()),
          seconds(facts.lastPts()));
    }

    private static double seconds(Duration time) {
      return time.toNanos() / 1e9;
    }

    String lines() {
      return String.format(
          Locale.ROOT,
          "  container  %s%n  codec      %s%n  size       %dx%d (coded %dx%d%s%s)%n"
              + "  frames     %d, %d of them key frames%n  rate       %.3f frames/s%n"
              + "  duration   %.3f s, pts %.3f to %.3f s",
          container,
          codec,
          width,
          height,
          codedWidth,
          codedHeight,
          mirrored ? ", mirrored" : "",
          rotationDegrees == 0 ? "" : ", turned " + rotationDegrees + " degrees clockwise",
          frames,
          keyFrames,
          framesPerSecond,
          durationSeconds,
          firstPtsSeconds,
          lastPtsSeconds);
    }
  }

  /** The result for one file: either a video or an error, the other is null. */
  private record Inspection(@Nullable Description video, @Nullable VideoFailure error) {}

  @Override
  public Integer call() {
    Map<String, Inspection> inspections = new LinkedHashMap<>();
    try (IsolatedSampler sampler = new IsolatedSampler(limits.limits())) {
      for (Map.Entry<String, Path> file : files.byName().entrySet()) {
        Inspection inspection = inspect(sampler, file.getValue());
        inspections.put(file.getKey(), inspection);
        if (!output.json()) {
          print(TerminalText.oneLine(file.getKey()), inspection);
        }
      }
    }
    if (output.json()) {
      output.print(RecordJson.line(inspections));
    }
    return inspections.values().stream().allMatch(i -> i.error == null)
        ? ExitCode.OK
        : ExitCode.FAILED;
  }

  private static Inspection inspect(Sampler sampler, Path file) {
    try {
      SourceFacts facts =
          sampler.sample(VideoFile.of(file), ONE_FRAME, new DiscardedFrames(), () -> false);
      return new Inspection(Description.of(facts), null);
    } catch (VideoException
        | RuntimeException
        | Error e) { // the next file is inspected all the same
      return new Inspection(null, VideoFailure.of(e));
    }
  }

  private void print(String name, Inspection inspection) {
    if (inspection.error != null) {
      output.print(name + ": " + inspection.error);
      return;
    }
    output.print(name);
    output.print(inspection.video.lines());
  }
}
