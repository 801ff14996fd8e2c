package io.saccade.cli.command.video;

import io.saccade.cli.command.IngestCommand;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.Output;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade video sample}: exact frames as PNG files. */
@Command(
    name = "sample",
    description = {
      "Takes frames out of videos and writes them as square PNG files.",
      "Exits with 0 only if every file gave frames; one that does not stops none of the others."
    })
final class VideoSampleCommand implements Callable<Integer> {

  /** The resize rules by the names that people use. */
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
      description = "How many frames; uniform repeats some of a video that has fewer.")
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
          "uniform; fps:2, the evaluation rule with 2 candidates a second; fps-first:1, a frame a"
              + " second, uniform above N. Default: ${DEFAULT-VALUE}")
  private String policy;

  @Mixin private IngestCommand.RangeOptions range;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write to; made if there is none.")
  private Path folder;

  @Mixin private LimitOptions limits;
  @Mixin private Output output;

  /** What became of one file; either there are frames or an error. */
  private record Sample(List<VideoPngs.Frame> frames, VideoFailure error) {}

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

  /** What a file gives; a failure of its own must not stop the next one. */
  private static Sample sample(Sampler sampler, Path file, SampleSpec spec, VideoPngs pngs) {
    try {
      var unused = sampler.sample(VideoFile.of(file), spec, pngs, () -> false);
      return new Sample(pngs.frames(), null);
    } catch (UncheckedIOException e) { // about our output, which the next file needs, too
      pngs.restart();
      throw e;
    } catch (VideoException | RuntimeException | Error e) {
      pngs.restart(); // frames that came before the error are void
      return new Sample(List.of(), VideoFailure.of(e));
    }
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--output = %s is no folder and cannot be made one (%s)".formatted(folder, e), e);
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
