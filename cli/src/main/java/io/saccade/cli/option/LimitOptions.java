package io.saccade.cli.option;

import io.saccade.video.VideoLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that bound the size of a video and the cost of sampling it. */
public final class LimitOptions {

  private static final VideoLimits DEFAULTS = VideoLimits.defaults();

  @Option(
      names = "--max-video-bytes",
      paramLabel = "BYTES",
      description = "The largest file. Default: 64GiB")
  private ByteSize bytes = new ByteSize(DEFAULTS.maxFileBytes());

  @Option(
      names = "--max-video-pixels",
      paramLabel = "N",
      description = "Most pixels of a frame, width times height. Default: 67108864")
  private long pixels = DEFAULTS.maxPixels();

  @Option(
      names = "--max-video-streams",
      paramLabel = "N",
      description = "Most streams in a container. Default: 64")
  private int streams = DEFAULTS.maxStreams();

  @Option(
      names = "--max-video-packets",
      paramLabel = "N",
      description = "Most packets of the video stream. Default: 4000000")
  private long packets = DEFAULTS.maxPackets();

  @Option(
      names = "--max-video-duration",
      paramLabel = "TIME",
      description = "The longest video, from its first frame to its last. Default: 168h")
  private Duration duration = DEFAULTS.maxDuration();

  @Option(
      names = "--max-decoder-memory",
      paramLabel = "BYTES",
      description = "The most resident memory of a decoder process. Default: 1GiB")
  private ByteSize memory = new ByteSize(DEFAULTS.maxMemoryBytes());

  @Option(
      names = "--max-sampling-time",
      paramLabel = "TIME",
      description = "How long sampling one clip may take. Default: 10m")
  private Duration time = DEFAULTS.maxTime();

  @Option(
      names = "--decoder-threads",
      paramLabel = "N",
      description = "Threads that decode one clip, 1 to 16. Default: one per core, at most 4")
  private int threads = DEFAULTS.decoderThreads();

  /** The limits that a sampler enforces. */
  public VideoLimits limits() {
    return new VideoLimits(
        bytes.bytes(), pixels, streams, packets, duration, memory.bytes(), time, threads);
  }
}
