package io.saccade.chaos;

import io.saccade.bus.ConfigException;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.video.FrameSink;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.IsolatedSampler;
import io.saccade.worker.SimulatedEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The video files of a run and the correct answers about them. The simulated engine's answer is a
 * digest of the frames, so the files are sampled in this process, without Kafka, to compute it.
 */
final class Footage implements AutoCloseable {

  /** Number of the folder's files that are used; more would only take longer to sample. */
  private static final int MOST_FILES = 12;

  private final IsolatedSampler sampler = new IsolatedSampler(VideoLimits.defaults());
  private final SampleSpec spec;
  private final List<Path> files;
  private final Map<Cut, List<ByteBuffer>> seen = new HashMap<>();

  /**
   * The begin of a file.
   *
   * @param to presentation time of its end; absent for the whole file
   */
  record Cut(Path file, Optional<Duration> to) {}

  /**
   * Lists the video files of a folder.
   *
   * @throws ConfigException if there are none
   */
  Footage(Path folder) throws IOException {
    SamplingProfile profile =
        new SimulatedEngine(SimulatedEngine.NAME, Duration.ZERO).card().getProfile();
    this.spec =
        SampleSpec.uniform(
            profile.getFrames(), profile.getImageSize(), ResizeRule.SHORTEST_EDGE_CENTER_CROP);
    try (Stream<Path> all = Files.list(folder)) {
      this.files =
          all.filter(file -> file.toString().endsWith(".mp4")).sorted().limit(MOST_FILES).toList();
    }
    if (files.isEmpty()) {
      throw new ConfigException("chaos", List.of("clips=" + folder + ": holds no .mp4"));
    }
  }

  /** The files, sorted by path, at least one. */
  List<Path> files() {
    return files;
  }

  /**
   * The correct answer to a question about a cut.
   *
   * @throws ConfigException if the cut cannot be sampled
   */
  String answer(String question, Cut cut) {
    return SimulatedEngine.answer(question, seen.computeIfAbsent(cut, this::sample));
  }

  private List<ByteBuffer> sample(Cut cut) {
    Frames frames = new Frames();
    try {
      var unused =
          sampler.sample(
              VideoFile.of(cut.file()),
              spec.within(Optional.empty(), cut.to()),
              frames,
              () -> false);
      return frames.positions;
    } catch (VideoException e) {
      throw new ConfigException("chaos", List.of("clips=" + cut.file() + ": " + e.getMessage()));
    }
  }

  @Override
  public void close() {
    sampler.close();
  }

  /** Collects the RGB bytes of each sampled position. */
  private static final class Frames implements FrameSink {
    private final List<ByteBuffer> positions = new ArrayList<>();

    @Override
    public void accept(SampledFrame frame) {
      for (int i = 0; i < frame.positions(); i++) {
        positions.add(frame.rgb());
      }
    }

    @Override
    public void restart() {
      positions.clear();
    }
  }
}
