package io.saccade.bench.video;

import io.saccade.cli.local.DiscardedFrames;
import io.saccade.cli.local.Lifecycle;
import io.saccade.video.SampleSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.IsolatedSampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Samples clip after clip in one decoder process and notes that process's memory. */
final class VideoSoak {

  private static final int POINTS = 10;
  private static final double BYTES_PER_MIB = 1 << 20;

  private VideoSoak() {}

  /**
   * The memory curve.
   *
   * @param samplings how many there were in all
   * @param rssMib resident memory of the decoder process after each tenth of them, in MiB
   */
  record Curve(int samplings, List<Double> rssMib) {}

  /** Makes two clips and samples them in turn, {@code samplings} times in all. */
  static Curve run(int samplings, SampleSpec spec, boolean quick)
      throws IOException, VideoException {
    List<Double> rss = new ArrayList<>();
    try (Lifecycle lifecycle = new Lifecycle()) {
      Path folder = lifecycle.folder();
      IsolatedSampler sampler = lifecycle.add(new IsolatedSampler(VideoLimits.defaults()));
      List<VideoFile> clips = new ArrayList<>();
      for (VideoClip clip : VideoClip.shortOnes()) {
        Path file = folder.resolve(clip.name() + ".mp4");
        VideoEncoder.write(quick ? clip.quick() : clip, file);
        clips.add(VideoFile.of(file));
      }
      for (int i = 1; i <= samplings; i++) {
        var unused =
            sampler.sample(clips.get(i % clips.size()), spec, new DiscardedFrames(), () -> false);
        if (i * POINTS / samplings > (i - 1) * POINTS / samplings) {
          rss.add(sampler.residentBytes() / BYTES_PER_MIB);
        }
      }
    }
    return new Curve(samplings, rss);
  }
}
