package io.saccade.video.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.video.CollectingSink;
import io.saccade.video.FrameSink;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.sampling.FuzzTest;
import io.saccade.video.sampling.VideoSampler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses real child processes, which really crash. */
class IsolatedSamplerTest {
  private static final int FRAMES = 60;

  @TempDir private Path folder;
  private final IsolatedSampler sampler =
      new IsolatedSampler(VideoLimits.defaults(), TroubledDecoder.class);
  private final CollectingSink sink = new CollectingSink();

  @AfterEach
  void close() {
    sampler.close();
  }

  @Test
  void samplesAsInThisProcess() throws Exception {
    VideoFile clip = clip("a");
    CollectingSink own = new CollectingSink();
    SampleSpec spec =
        SampleSpec.uniform(8, 64, ResizeRule.SQUASH)
            .within(Optional.of(Duration.ofMillis(200)), Optional.of(Duration.ofSeconds(2)));
    SourceFacts here =
        new VideoSampler(VideoLimits.defaults()).sample(clip, spec, own, () -> false);
    SourceFacts there = sampler.sample(clip, spec, sink, () -> false);
    assertThat(sink.frames()).isEqualTo(own.frames());
    assertThat(there)
        .usingRecursiveComparison()
        .ignoringFields("decodeTime", "resizeTime")
        .isEqualTo(here);
  }

  @Test
  void aFailureIsTheSameOne() throws Exception {
    VideoFile clip = clip("a");
    SampleSpec spec = uniform().within(Optional.of(Duration.ofMinutes(1)), Optional.empty());
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> sampler.sample(clip, spec, sink, () -> false))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.EMPTY_RANGE))
        .satisfies(e -> assertThat(e.decodedFrames()).isEqualTo(FRAMES));
  }

  /** FFmpeg 8.0.1 reads through a stray pointer for this one, found by {@link FuzzTest}. */
  @Test
  void aFileThatCrashesTheRealDecoderNowAndThenIsAFailureLikeAnother() throws Exception {
    VideoFile crashing =
        VideoFile.of(Path.of("src", "test", "resources", "crashes-ffmpeg-8.0.1.ts"));
    try (IsolatedSampler real = new IsolatedSampler(VideoLimits.defaults())) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(() -> real.sample(crashing, uniform(), sink, () -> false))
          .satisfies(e -> assertThat(e.category()).isIn(Category.CRASHED, Category.CORRUPT));
      real.sample(clip("a"), uniform(), sink, () -> false);
      assertThat(sink.frames()).hasSize(4);
    }
  }

  @Test
  void aCrashIsTriedAgainOnceAndTheNextVideoIsServed() throws Exception {
    VideoFile crashing = clip("crash");
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> sampler.sample(crashing, uniform(), sink, () -> false))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CRASHED));
    assertThat(sink.restarts()).isEqualTo(2);
    assertThat(sink.frames()).isEmpty();
    sampler.sample(clip("b"), uniform(), sink, () -> false);
    assertThat(sink.frames()).hasSize(4);
  }

  @Test
  void aSecondAttemptSucceedsAfterACrash() throws Exception {
    sampler.sample(clip("crash-once"), uniform(), sink, () -> false);
    assertThat(sink.restarts()).isEqualTo(1);
    assertThat(sink.frames()).hasSize(4);
  }

  @Test
  void aDecoderThatHangsIsCancelledAndTheNextVideoIsServed() throws Exception {
    VideoFile hanging = clip("hang");
    AtomicInteger asked = new AtomicInteger();
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () -> sampler.sample(hanging, uniform(), sink, () -> asked.incrementAndGet() > 3))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
    sampler.sample(clip("b"), uniform(), sink, () -> false);
    assertThat(sink.frames()).hasSize(4);
  }

  @Test
  void aDecoderThatTakesTooMuchMemoryIsEnded() throws Exception {
    VideoLimits tight =
        new VideoLimits(
            1 << 20, 1 << 20, 4, 1000, Duration.ofHours(1), 1 << 20, Duration.ofMinutes(1), 2);
    try (IsolatedSampler small = new IsolatedSampler(tight)) {
      VideoFile clip = clip("a");
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(() -> small.sample(clip, uniform(), sink, () -> false))
          .withMessageContaining("memory")
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
    }
  }

  @Test
  void aSinkThatFailsEndsTheSamplingOnly() throws Exception {
    VideoFile clip = clip("a");
    FrameSink broken =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {
            throw new IllegalStateException("full");
          }

          @Override
          public void restart() {}
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> sampler.sample(clip, uniform(), broken, () -> false));
    sampler.sample(clip, uniform(), sink, () -> false);
    assertThat(sink.frames()).hasSize(4);
  }

  private VideoFile clip(String name) throws Exception {
    return VideoFile.of(TestClip.of(FRAMES).write(folder.resolve(name + ".mp4")));
  }

  private static SampleSpec uniform() {
    return SampleSpec.uniform(4, 32, ResizeRule.SQUASH);
  }
}
