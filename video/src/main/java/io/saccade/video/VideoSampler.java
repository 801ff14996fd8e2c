package io.saccade.video;

import io.saccade.video.VideoException.Category;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Takes exact frames out of video files. The frames counted are those that a player shows, in the
 * order it shows them; no header is trusted for their number. Memory does not grow with the length
 * of the video or the number of frames taken. Thread-safe: each call works on its own.
 */
public final class VideoSampler {
  private final VideoLimits limits;

  /** A sampler whose every sampling keeps to {@code limits}. */
  public VideoSampler(VideoLimits limits) {
    this.limits = limits;
  }

  /** The same sampler, but one that decodes every frame of a video: the yardstick of benchmarks. */
  public static VideoSampler decodingEverything(VideoLimits limits) {
    return new VideoSampler(limits);
  }

  /**
   * Samples a file. Blocks until done; frames go to the sink meanwhile.
   *
   * @param file a regular file, opened by exactly this name; for a stranger's reference see {@link
   *     VideoAccess#resolve}
   * @param spec what to take
   * @param sink receives each distinct frame once, in order, after its last {@link
   *     FrameSink#restart}
   * @param cancelled asked often, from this thread; true ends the sampling, and so does an
   *     interrupt of the thread, whose flag stays set
   * @return what became known about the video
   * @throws VideoException if the video gives no sample; frames that the sink has are void then
   */
  public SourceFacts sample(
      VideoFile file, SampleSpec spec, FrameSink sink, BooleanSupplier cancelled)
      throws VideoException {
    WorkBudget budget = new WorkBudget(limits.maxTime(), cancelled);
    PacketCount packets = count(file, spec, budget);
    int expected = packets.damaged() ? 0 : packets.framesInRange();
    int[] predicted = indices(expected, packets.frameRate(), spec);
    DecodePass pass = new DecodePass(spec, predicted, sink);
    SourceFacts facts = run(pass, file, packets, budget);
    int[] indices = indices(facts.frameCount(), packets.frameRate(), spec);
    if (Arrays.equals(indices, predicted)) {
      return facts;
    }
    if (pass.emitted()) {
      sink.restart();
    }
    return run(new DecodePass(spec, indices, sink), file, packets, budget);
  }

  private PacketCount count(VideoFile file, SampleSpec spec, WorkBudget budget)
      throws VideoException {
    try (Demuxer demuxer = Demuxer.open(file, limits, budget)) {
      return PacketCount.of(demuxer, PtsRange.of(spec));
    }
  }

  private static int[] indices(int frameCount, double frameRate, SampleSpec spec) {
    return frameCount == 0
        ? new int[0]
        : spec.policy().indices(frameCount, frameRate, spec.frames());
  }

  private SourceFacts run(DecodePass pass, VideoFile file, PacketCount packets, WorkBudget budget)
      throws VideoException {
    try (Demuxer demuxer = Demuxer.open(file, limits, budget);
        FrameReader frames = new FrameReader(demuxer, limits, budget)) {
      pass.run(demuxer, frames);
      if (frames.frames() == 0) {
        demuxer.blameDeclaredSize();
      }
      requireSound(frames, pass.framesInRange());
      return pass.facts(demuxer, packets.keyFrames());
    }
  }

  private static void requireSound(FrameReader frames, int framesInRange) throws VideoException {
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
      throw new VideoException(
          Category.EMPTY_RANGE,
          "the video shows no frame in the range; its frames' times may not begin at 0",
          frames.frames());
    }
  }
}
