package io.saccade.cli.command.video;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RangeOptions;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.Sampler;
import io.saccade.video.SamplingPolicy;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.isolation.IsolatedSampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade video sample}: writes sampled frames as PNG files. */
@Command(
    name = "sample",
    description = {
      "Samples frames of videos and writes them as square PNG files.",
      "Exits with 0 only if every file gave frames; if one does not, the others are sampled all the"
          + " same."
    })
final class VideoSampleCommand implements Callable<Integer> {

  /** The resize rules by their names on the command line. */
  enum Resize {
    /** Shortest edge to the size, then the central square. */
    CROP(ResizeRule.SHORTEST_EDGE_CENTER_CROP),
    /** Both edges to the size. */
    SQUASH(ResizeRule.SQUASH);

    private final ResizeRule rule;

    Resize(ResizeRule rule) {
      this.rule = rule;
    }
  }

  @Mixin private VideoFiles files;

  @Option(
      names = "--frames",
      paramLabel = "N",
      required = true,
      description = "How many frames; uniform repeats frames of a video that has fewer.")
  private int frames;

  @Option(
      names = "--size",
      paramLabel = "S",
      defaultValue = "576",
      description = "Edge of the square frames in pixels. Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--resize",
      paramLabel = "RULE",
      defaultValue = "crop",
      description =
          "crop: shortest edge to the size, then the central square; squash: both edges to the size."
              + " Default: ${DEFAULT-VALUE}")
  private Resize resize;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      defaultValue = "uniform",
      description =
          "uniform; fps:2, the evaluation rule with 2 candidates a second; fps-first:1, one frame a"
              + " second, but uniform if that is more than N frames. Default: ${DEFAULT-VALUE}")
  private String policy;

  @Mixin private RangeOptions range;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write to; created if it does not exist.")
  private Path folder;

  @Mixin private LimitOptions limits;
  @Mixin private Output output;

  /** The result for one file: either frames, or none and an error. */
  private record Sample(List<VideoPngs.Frame> frames, @Nullable VideoFailure error) {}

  @Override
  public Integer call() {
    SampleSpec spec =
        new SampleSpec(
            frames, size, resize.rule, SamplingPolicy.parse(policy), range.from(), range.to());
    Map<String, Path> named = files.byName();
    makeFolder();
    Map<String, Sample> samples = new LinkedHashMap<>();
    try (IsolatedSampler sampler = new IsolatedSampler(limits.limits())) {
      for (Map.Entry<String, Path> file : named.entrySet()) {
        VideoPngs pngs = new VideoPngs(folder, samples.size() + 1, file.getKey());
        Sample sample = sample(sampler, file.getValue(), spec, pngs);
        samples.put(file.getKey(), sample);
        if (!output.json()) {
          output.print(line(file.getKey(), sample));
        }
      }
    }
    if (output.json()) {
      output.print(RecordJson.line(samples));
    }
    return samples.values().stream().allMatch(s -> s.error == null) ? ExitCode.OK : ExitCode.FAILED;
  }

  /** Samples a file; if the file is at fault, the result says so and the next one is sampled. */
  private static Sample sample(Sampler sampler, Path file, SampleSpec spec, VideoPngs pngs) {
    try {
      var unused = sampler.sample(VideoFile.of(file), spec, pngs, () -> false);
      return new Sample(pngs.frames(), null);
    } catch (UncheckedIOException e) { // the output cannot be written, nor could the next file's
      pngs.restart();
      throw e;
    } catch (VideoException | RuntimeException | Error e) {
      pngs.restart(); // frames before the error are not valid
      return new Sample(List.of(), VideoFailure.of(e));
    }
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--output = %s is not a folder and cannot be created (%s)".formatted(folder, e), e);
    }
  }

  private static String line(String name, Sample sample) {
    String what =
        sample.error != null
            ? sample.error.toString()
            : "%d frames, %s to %s s"
                .formatted(
                    sample.frames.size(),
                    seconds(sample.frames.get(0)),
                    seconds(sample.frames.get(sample.frames.size() - 1)));
    return TerminalText.oneLine(name) + ": " + what;
  }

  private static String seconds(VideoPngs.Frame frame) {
    return String.format(Locale.ROOT, "%.3f", frame.ptsSeconds());
  }
}
