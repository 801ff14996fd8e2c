package io.saccade.bench.video;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.sampling.VideoSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples a file in turn by the way that decodes what is needed and by the one that decodes
 * everything.
 *
 * @param spec what both take
 * @param runs timed runs of each, at least 1
 */
record VideoComparison(SampleSpec spec, int runs) {

  /** Checks the number of runs. */
  VideoComparison {
    if (runs < 1) {
      throw new IllegalArgumentException("--runs = %d is not positive".formatted(runs));
    }
  }

  /**
   * The best of the runs.
   *
   * @param facts of the best sparse run
   * @param equal whether both ways gave the same bytes, indices and times in every run
   */
  record Result(double sparseSeconds, double fullSeconds, SourceFacts facts, boolean equal) {}

  /** One sampling, with every frame that it gave. */
  private record Run(double seconds, SourceFacts facts, List<SampledFrame> frames) {}

  /** Runs both ways once for warming up, then as often as asked, each time the other one first. */
  Result run(Path file) throws VideoException {
    VideoSampler sparse = new VideoSampler(VideoLimits.defaults());
    VideoSampler full = VideoSampler.decodingEverything(VideoLimits.defaults());
    boolean equal = sample(sparse, file).frames.equals(sample(full, file).frames);
    Result best = new Result(Double.MAX_VALUE, Double.MAX_VALUE, null, equal);
    for (int i = 0; i < runs; i++) {
      boolean sparseFirst = i % 2 == 0;
      Run first = sample(sparseFirst ? sparse : full, file);
      Run second = sample(sparseFirst ? full : sparse, file);
      best = sparseFirst ? better(best, first, second) : better(best, second, first);
    }
    return best;
  }

  private static Result better(Result best, Run sparse, Run full) {
    boolean faster = sparse.seconds < best.sparseSeconds;
    return new Result(
        faster ? sparse.seconds : best.sparseSeconds,
        Math.min(full.seconds, best.fullSeconds),
        faster ? sparse.facts : best.facts,
        best.equal && sparse.frames.equals(full.frames));
  }

  private Run sample(VideoSampler sampler, Path file) throws VideoException {
    System.gc(); // so that no run pays for the frames of the one before
    Keeping sink = new Keeping();
    long begin = System.nanoTime();
    SourceFacts facts = sampler.sample(VideoFile.of(file), spec, sink, () -> false);
    return new Run((System.nanoTime() - begin) / 1e9, facts, sink.frames);
  }

  /** Samples once by the sparse way, holding all frames until the end. */
  void sampleSparsely(Path file) throws VideoException {
    var unused = sample(new VideoSampler(VideoLimits.defaults()), file);
  }

  /** Keeps the frames as they come; a frame equals another if its bytes do. */
  private static final class Keeping implements FrameSink {
    private final List<SampledFrame> frames = new ArrayList<>();

    @Override
    public void accept(SampledFrame frame) {
      frames.add(frame);
    }

    @Override
    public void restart() {
      frames.clear();
    }
  }
}
