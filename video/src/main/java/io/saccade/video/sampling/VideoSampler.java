package io.saccade.video.sampling;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.Sampler;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * Takes exact frames from video files, in this process. The frames counted are those that a player
 * shows, in presentation order; their number is not taken from a header. Thread-safe: calls are
 * independent of each other. See decision 32 in {@code docs/decisions.md}.
 *
 * <p>How it works: a first reading of all packets makes a {@link PacketIndex}. If the video is
 * regular, a {@link SparsePass} decodes only the packets that the wanted frames need. If it is not,
 * or if its frames differ from the index, a {@link DecodePass} decodes everything; it runs a second
 * time if the number of frames differs from the prediction. Besides about 20 bytes a packet for the
 * index, memory does not grow with the length of the video or the number of frames taken.
 */
public final class VideoSampler implements Sampler {
  private static final double PROGRESS_STEP = 0.01;

  private final VideoLimits limits;
  private final boolean sparse;

  /** A sampler that applies {@code limits} to each sampling. */
  public VideoSampler(VideoLimits limits) {
    this(limits, true);
  }

  private VideoSampler(VideoLimits limits, boolean sparse) {
    this.limits = limits;
    this.sparse = sparse;
  }

  /** A sampler that decodes every frame of every video; the reference for tests and benchmarks. */
  public static VideoSampler decodingEverything(VideoLimits limits) {
    return new VideoSampler(limits, false);
  }

  @Override
  public SourceFacts sample(
      VideoFile file, SampleSpec spec, FrameSink sink, BooleanSupplier cancelled)
      throws VideoException {
    WorkBudget budget = new WorkBudget(limits.maxTime(), cancelled);
    PacketIndex index = index(file, spec, sink, budget);
    if (index.regular() && index.framesInRange() == 0) {
      throw emptyRange(index.frames());
    }
    if (sparse && index.regular()) {
      int[] indices = indices(index.framesInRange(), index, spec);
      SparsePass pass = new SparsePass(file, spec, index, indices, limits, budget);
      try {
        return pass.run(sink);
      } catch (IrregularException e) {
        if (pass.emitted()) {
          sink.restart();
        }
      }
    }
    return decodeEverything(file, spec, sink, index, budget);
  }

  private SourceFacts decodeEverything(
      VideoFile file, SampleSpec spec, FrameSink sink, PacketIndex index, WorkBudget budget)
      throws VideoException {
    int[] predicted = indices(index.damaged() ? 0 : index.framesInRange(), index, spec);
    DecodePass pass = new DecodePass(spec, predicted, sink);
    SourceFacts facts = run(pass, file, index, budget);
    int[] indices = indices(facts.frameCount(), index, spec);
    if (Arrays.equals(indices, predicted)) {
      return facts;
    }
    if (pass.emitted()) {
      sink.restart();
    }
    return run(new DecodePass(spec, indices, sink), file, index, budget);
  }

  private PacketIndex index(VideoFile file, SampleSpec spec, FrameSink sink, WorkBudget budget)
      throws VideoException {
    try (Demuxer demuxer = Demuxer.open(file, limits, budget)) {
      PacketIndex index = PacketIndex.of(demuxer, PtsRange.of(spec), new ProgressSteps(sink));
      limits.requireDuration(index.span());
      return index;
    }
  }

  /** Passes progress on in steps of 1 %, not for each packet. */
  private static final class ProgressSteps implements DoubleConsumer {
    private final FrameSink sink;
    private double next;

    ProgressSteps(FrameSink sink) {
      this.sink = sink;
    }

    @Override
    public void accept(double share) {
      if (share >= next) {
        next = share + PROGRESS_STEP;
        sink.progress(SamplingProgress.reading(share));
      }
    }
  }

  private static int[] indices(int frameCount, PacketIndex index, SampleSpec spec) {
    return frameCount == 0
        ? new int[0]
        : spec.policy().indices(frameCount, index.frameRate(), spec.frames());
  }

  private SourceFacts run(DecodePass pass, VideoFile file, PacketIndex index, WorkBudget budget)
      throws VideoException {
    try (Demuxer demuxer = Demuxer.open(file, limits, budget);
        FrameReader frames = new FrameReader(demuxer, limits, budget)) {
      pass.run(demuxer, frames);
      if (frames.frames() == 0) {
        demuxer.requireDeclaredSize();
      }
      requireIntact(frames, pass.framesInRange());
      return pass.facts(index.keyFrames());
    }
  }

  private static void requireIntact(FrameReader frames, int framesInRange) throws VideoException {
    if (frames.frames() == 0) {
      throw new VideoException(
          Category.CORRUPT,
          "no frame of the video can be decoded; check that the file is whole and its frames not huge");
    }
    if (frames.damaged()) {
      throw new VideoException(
          Category.CORRUPT,
          "the video is cut or damaged; %d frames can be decoded".formatted(frames.frames()),
          frames.frames());
    }
    if (framesInRange == 0) {
      throw emptyRange(frames.frames());
    }
  }

  private static VideoException emptyRange(int frames) {
    return new VideoException(
        Category.EMPTY_RANGE,
        "the video shows no frame in the range; its frames' times may not begin at 0",
        frames);
  }
}
