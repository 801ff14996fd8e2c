package io.saccade.bench.video;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.video.SampleSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade bench video}: what decoding only the needed parts of a video saves. */
@Command(
    name = "video",
    description = {
      "Makes clips and takes frames out of each, once decoding only what they need (sparse) and once"
          + " decoding everything (full), in turn. Prints the best times.",
      "'peak' is the resident memory of a process that does the sparse sampling once, holding all its"
          + " frames. Exits with 0 only if both ways gave the same bytes, indices and times."
    })
public final class BenchVideo implements Callable<Integer> {

  @Mixin private VideoSpec spec;
  @Mixin private Output output;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Timed runs of each way, after one to warm up. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--clip",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files of your own, before the made ones.")
  private final List<Path> own = new ArrayList<>();

  @Option(names = "--only-own", description = "Make no clips: only the files of --clip.")
  private boolean onlyOwn;

  @Option(
      names = "--soak",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Also sample short clips N times in one decoder process and print its memory on the way."
              + " Default: ${DEFAULT-VALUE}")
  private int soak;

  @Option(
      names = "--quick",
      description = "Make tiny clips: shows that all is well, not how fast it is.")
  private boolean quick;

  /**
   * Where a clip comes from.
   *
   * @param encoder FFmpeg's name; null for a file of the user's
   * @param gop frames from key frame to key frame as asked of the encoder; null likewise
   */
  private record Source(String name, Path file, String encoder, Integer gop) {}

  /**
   * What is known of one clip, by the names that JSON gives it.
   *
   * @param frames n, as decoding counts them
   * @param resizeShare of the sampling thread's time, from 0 to 1: colour, resize and copy
   */
  private record Row(
      String clip,
      String encoder,
      String codec,
      int width,
      int height,
      int frames,
      Integer gop,
      int keyFrames,
      long bytes,
      double sparseSeconds,
      double fullSeconds,
      double ratio,
      double resizeShare,
      boolean equal,
      double peakRssMib) {

    static Row of(Source source, VideoComparison.Result result, double peakRssMib)
        throws IOException {
      SourceFacts facts = result.facts();
      double resize = facts.resizeTime().toNanos();
      return new Row(
          source.name,
          source.encoder,
          facts.codec(),
          facts.displayWidth(),
          facts.displayHeight(),
          facts.frameCount(),
          source.gop,
          facts.keyFrames(),
          Files.size(source.file),
          result.sparseSeconds(),
          result.fullSeconds(),
          result.fullSeconds() / result.sparseSeconds(),
          resize / (resize + facts.decodeTime().toNanos()),
          result.equal(),
          peakRssMib);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-24s %-11s %9s %7d %5d %5.0f %8.2f %8.2f %6.2f %6.1f%% %9.0f %s",
          TerminalText.oneLine(clip),
          encoder == null ? codec : encoder,
          width + "x" + height,
          frames,
          keyFrames,
          bytes / 1e6,
          sparseSeconds,
          fullSeconds,
          ratio,
          100 * resizeShare,
          peakRssMib,
          equal ? "yes" : "NO");
    }
  }

  /** The whole report. */
  private record Report(int size, int frames, int runs, List<Row> clips, VideoSoak.Curve soak) {}

  @Override
  public Integer call() throws Exception {
    SampleSpec wanted = spec.spec();
    VideoComparison race = new VideoComparison(wanted, runs);
    if (!output.json()) {
      output.print(heading());
    }
    List<Row> rows = new ArrayList<>();
    for (Path file : own) { // first: whether they are any good is not known yet
      rows.add(benchOwn(race, file));
    }
    if (!onlyOwn) {
      for (VideoClip clip : VideoClip.standard()) {
        rows.add(benchMade(race, quick ? clip.quick() : clip));
      }
    }
    VideoSoak.Curve curve = soak > 0 ? VideoSoak.run(soak, wanted, quick) : null;
    if (output.json()) {
      output.print(
          RecordJson.line(new Report(wanted.imageSize(), wanted.frames(), runs, rows, curve)));
    } else if (curve != null) {
      output.print("decoder process, MiB after each tenth of %d samplings:".formatted(soak));
      output.print(curve.rssMib().stream().map("%.0f"::formatted).collect(Collectors.joining(" ")));
    }
    return rows.stream().allMatch(Row::equal) ? ExitCode.OK : ExitCode.FAILED;
  }

  private Row benchOwn(VideoComparison race, Path file) throws IOException, InterruptedException {
    try {
      return bench(race, new Source(file.toString(), file, null, null));
    } catch (VideoException e) {
      throw new IllegalArgumentException(
          "--clip = %s gives no frames: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Makes the clip and removes it, so that the disk need not hold them all. */
  private Row benchMade(VideoComparison race, VideoClip clip)
      throws IOException, InterruptedException, VideoException {
    try (Lifecycle lifecycle = new Lifecycle()) {
      Path file = lifecycle.folder().resolve("clip.mp4");
      VideoEncoder.write(clip, file);
      String encoder = VideoEncoder.nameFor(clip);
      return bench(race, new Source(clip.name(), file, encoder, clip.gop()));
    }
  }

  private Row bench(VideoComparison race, Source source)
      throws IOException, InterruptedException, VideoException {
    VideoComparison.Result result = race.run(source.file);
    Row row = Row.of(source, result, VideoPeak.of(source.file, spec));
    if (!output.json()) {
      output.print(row.line());
    }
    return row;
  }

  private static String heading() {
    return "%-24s %-11s %9s %7s %5s %5s %8s %8s %6s %7s %9s %s"
        .formatted(
            "clip",
            "encoder",
            "size",
            "frames",
            "keys",
            "MB",
            "sparse s",
            "full s",
            "ratio",
            "resize",
            "peak MiB",
            "equal");
  }
}
