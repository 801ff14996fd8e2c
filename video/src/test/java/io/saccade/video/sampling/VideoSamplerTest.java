package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

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
import io.saccade.video.WorkBudget;
import io.saccade.video.decode.Demuxer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoSamplerTest {
  private static final VideoLimits LIMITS = VideoLimits.defaults();
  private static final Path RESOURCES = Path.of("src", "test", "resources");

  @TempDir Path folder;
  private final VideoSampler sampler = new VideoSampler(LIMITS);
  private final CollectingSink sink = new CollectingSink();

  @ParameterizedTest
  @CsvSource({"a.mp4, 0", "a.mp4, 2", "a.mkv, 0", "a.avi, 0", "a.avi, 2", "a.mov, 1"})
  void givesTheRightFrames(String name, int bFrames) throws Exception {
    Path clip = TestClip.of(60).bFrames(bFrames).write(folder.resolve(name));
    SourceFacts facts =
        sampler.sample(VideoFile.of(clip), uniform(8), sink, VideoSamplerTest::never);
    assertThat(facts.frameCount()).isEqualTo(60);
    assertThat(numbersShown()).containsExactly(0, 8, 16, 25, 33, 42, 50, 59);
    assertThat(sink.frames())
        .extracting(SampledFrame::frameIndex)
        .containsExactly(0, 8, 16, 25, 33, 42, 50, 59);
    assertThat(sink.frames())
        .extracting(frame -> frame.pts().toMillis())
        .containsExactly(0L, 320L, 640L, 1000L, 1320L, 1680L, 2000L, 2360L);
    assertThat(sink.restarts()).isZero();
  }

  @Test
  void reportsTheFacts() throws Exception {
    Path clip = TestClip.of(50).gop(10).rotated(90).write(folder.resolve("a.mp4"));
    SourceFacts facts =
        sampler.sample(VideoFile.of(clip), uniform(4), sink, VideoSamplerTest::never);
    assertThat(facts.codec()).isEqualTo("mpeg4");
    assertThat(facts.container()).contains("mp4");
    assertThat(List.of(facts.codedWidth(), facts.codedHeight())).containsExactly(128, 96);
    assertThat(List.of(facts.displayWidth(), facts.displayHeight())).containsExactly(96, 128);
    assertThat(facts.rotationDegrees()).isEqualTo(270);
    assertThat(facts.mirrored()).isFalse();
    assertThat(facts.keyFrames()).isEqualTo(5);
    assertThat(facts.averageFrameRate()).isEqualTo(25);
    assertThat(facts.duration()).isEqualTo(Duration.ofSeconds(2));
    assertThat(facts.lastPts()).isEqualTo(Duration.ofMillis(1960));
  }

  @Test
  void aFrameComesOnceHoweverManyPositionsItFills() throws Exception {
    Path clip = TestClip.of(3).write(folder.resolve("a.mp4"));
    sampler.sample(VideoFile.of(clip), uniform(8), sink, VideoSamplerTest::never);
    assertThat(sink.frames())
        .extracting(SampledFrame::firstPosition, SampledFrame::positions, SampledFrame::frameIndex)
        .containsExactly(tuple(0, 4, 0), tuple(4, 3, 1), tuple(7, 1, 2));
  }

  @Test
  void aFrameIsASquareOfItsOwn() throws Exception {
    Path clip = TestClip.of(3).write(folder.resolve("a.mp4"));
    sampler.sample(VideoFile.of(clip), uniform(2), sink, VideoSamplerTest::never);
    SampledFrame first = sink.frames().get(0);
    assertThat(first.width()).isEqualTo(64);
    assertThat(first.height()).isEqualTo(64);
    assertThat(first.rgb().remaining()).isEqualTo(64 * 64 * 3);
    assertThat(first.rgb().array()).isNotSameAs(sink.frames().get(1).rgb().array());
  }

  @Test
  void aRangeSelectsByTime() throws Exception {
    Path clip = TestClip.of(60).bFrames(2).write(folder.resolve("a.mkv"));
    SampleSpec spec =
        uniform(3).within(Optional.of(Duration.ofMillis(400)), Optional.of(Duration.ofMillis(800)));
    SourceFacts facts = sampler.sample(VideoFile.of(clip), spec, sink, VideoSamplerTest::never);
    assertThat(facts.frameCount()).isEqualTo(10);
    assertThat(numbersShown()).containsExactly(10, 14, 19);
    assertThat(facts.firstPts()).isEqualTo(Duration.ofMillis(400));
    assertThat(facts.lastPts()).isEqualTo(Duration.ofMillis(760));
  }

  @Test
  void progressRisesFromNothingToAll() throws Exception {
    Path clip = TestClip.of(60).gop(10).write(folder.resolve("a.mp4"));
    List<Double> shares = new ArrayList<>();
    FrameSink watching =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {}

          @Override
          public void restart() {}

          @Override
          public void progress(double share) {
            shares.add(share);
          }
        };
    sampler.sample(VideoFile.of(clip), uniform(8), watching, VideoSamplerTest::never);
    assertThat(shares).isSorted().hasSizeGreaterThan(8).allMatch(share -> share >= 0 && share <= 1);
    assertThat(shares.get(shares.size() - 1)).isGreaterThan(0.9);
  }

  @Test
  void aRangeOfALongVideoIsDecodedFromTheNearestEntryOnly() throws Exception {
    Path clip = TestClip.of(250).gop(10).bFrames(2).write(folder.resolve("a.mp4"));
    VideoFile file = VideoFile.of(clip);
    SampleSpec spec =
        uniform(4).within(Optional.of(Duration.ofSeconds(5)), Optional.of(Duration.ofSeconds(6)));
    WorkBudget budget = new WorkBudget(Duration.ofMinutes(1), VideoSamplerTest::never);
    try (Demuxer demuxer = Demuxer.open(file, VideoLimits.defaults(), budget)) {
      PacketIndex index = PacketIndex.of(demuxer, PtsRange.of(spec), share -> {});
      assertThat(index.regular()).isTrue();
      assertThat(index.packets()).isEqualTo(250);
      int[] indices = spec.policy().indices(index.framesInRange(), 25, 4);
      assertThat(new DecodePlan(index, indices).packetsSent()).isLessThan(40);
    }
    sampler.sample(file, spec, sink, VideoSamplerTest::never);
    assertThat(numbersShown()).containsExactly(125, 133, 141, 149);
  }

  @Test
  void aVideoLongerThanAllowedIsRefused() throws Exception {
    Path clip = TestClip.of(60).write(folder.resolve("a.mp4"));
    VideoLimits two =
        new VideoLimits(
            1 << 20, 1 << 20, 4, 1000, Duration.ofSeconds(1), 1L << 30, Duration.ofMinutes(1), 2);
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () ->
                new VideoSampler(two)
                    .sample(VideoFile.of(clip), uniform(8), sink, VideoSamplerTest::never))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }

  @Test
  void reportsARangeWithoutFrames() throws Exception {
    Path clip = TestClip.of(10).write(folder.resolve("a.mp4"));
    SampleSpec spec = uniform(3).within(Optional.of(Duration.ofSeconds(9)), Optional.empty());
    assertFails(clip, spec, Category.EMPTY_RANGE);
  }

  @Test
  void framesThatAnEditListHidesAreNotCounted() throws Exception {
    SourceFacts facts =
        sampler.sample(
            VideoFile.of(RESOURCES.resolve("discard_first_keyframe.mp4")),
            uniform(8),
            sink,
            VideoSamplerTest::never);
    assertThat(facts.frameCount()).isEqualTo(25);
    assertThat(sink.restarts()).isZero();
  }

  @Test
  void everyFrameOfAnAnimationOnce() throws Exception {
    sampler.sample(
        VideoFile.of(RESOURCES.resolve("animated.gif")), uniform(4), sink, VideoSamplerTest::never);
    assertThat(sink.frames())
        .extracting(frame -> frame.pts().toMillis())
        .containsExactly(0L, 100L, 200L, 300L);
  }

  @Test
  void aRecordingThatBeginsInTheMiddleStartsAtItsFirstWholeFrame() throws Exception {
    byte[] whole = Files.readAllBytes(TestClip.of(60).h264().gop(20).write(folder.resolve("a.ts")));
    int cut = whole.length / 188 / 6 * 188;
    Path middle = Files.write(folder.resolve("b.ts"), Arrays.copyOfRange(whole, cut, whole.length));
    SourceFacts facts =
        sampler.sample(VideoFile.of(middle), uniform(4), sink, VideoSamplerTest::never);
    assertThat(facts.frameCount()).isEqualTo(40);
    assertThat(numbersShown()).containsExactly(20, 33, 46, 59);
    assertThat(sink.restarts()).isEqualTo(1);
  }

  @Test
  void aCutFileIsCorruptAndReportsItsDecodableFrames() throws Exception {
    byte[] whole = Files.readAllBytes(TestClip.of(60).write(folder.resolve("a.mp4")));
    Path cut = Files.write(folder.resolve("b.mp4"), Arrays.copyOf(whole, whole.length / 2));
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () -> sampler.sample(VideoFile.of(cut), uniform(8), sink, VideoSamplerTest::never))
        .satisfies(
            e -> {
              assertThat(e.category()).isEqualTo(Category.CORRUPT);
              assertThat(e.decodedFrames()).isBetween(15, 45);
            });
    assertThat(sink.frames()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"percent %03d é [x].mp4", "concat:a.mp4|b.mp4", "-.mp4", "x.txt", "n%d.png"})
  void aNameMeansNothing(String name) throws Exception {
    Path clip = TestClip.of(5).write(folder.resolve("a.mp4"));
    Path renamed = Files.move(clip, folder.resolve(name));
    assertThat(
            sampler
                .sample(VideoFile.of(renamed), uniform(5), sink, VideoSamplerTest::never)
                .frameCount())
        .isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "'', UNREADABLE",
    "'Just some text, and then more of it.', UNREADABLE",
    "'#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', REFUSED",
    "'ffconcat version 1.0\nfile canary.mp4\n', REFUSED",
    "'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n', REFUSED",
    "'1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nYou\n', NO_VIDEO_STREAM",
  })
  void refusesFilesThatAreNotVideos(String contents, Category category) throws Exception {
    Path file = Files.writeString(folder.resolve("a.mp4"), contents);
    assertFails(file, uniform(8), category);
  }

  @Test
  void aMissingFileIsUnreadable() {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () ->
                sampler.sample(
                    VideoFile.of(folder.resolve("absent")),
                    uniform(8),
                    sink,
                    VideoSamplerTest::never))
        .withMessage("no such file");
  }

  @Test
  void foldersAndDevicesAreRefused() {
    assertFails(folder, uniform(8), Category.REFUSED);
    assertFails(Path.of("/dev/zero"), uniform(8), Category.REFUSED);
  }

  @Test
  void limitsAreKept() throws Exception {
    Path clip = TestClip.of(30).h264().write(folder.resolve("a.mp4"));
    assertRefusedBy(clip, limits(100, LIMITS.maxPixels(), 64, 1000), "file size in bytes");
    assertRefusedBy(clip, limits(1 << 20, 128 * 96 - 1, 64, 1000), "pixels of a frame");
    assertRefusedBy(clip, limits(1 << 20, 128 * 96, 64, 29), "packets of the video stream");
    new VideoSampler(limits(1 << 20, 128 * 96, 1, 30))
        .sample(VideoFile.of(clip), uniform(8), sink, VideoSamplerTest::never);
  }

  @Test
  void timeIsLimited() throws Exception {
    Path clip = TestClip.of(30).write(folder.resolve("a.mp4"));
    AtomicInteger asked = new AtomicInteger();
    WorkBudget budget =
        new WorkBudget(
            Duration.ofSeconds(1), VideoSamplerTest::never, () -> asked.get() * 2_000_000_000L);
    asked.set(1);
    assertThat(budget.spent()).isTrue();
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> Demuxer.open(VideoFile.of(clip), LIMITS, budget))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.TIMEOUT));
  }

  @Test
  void samplingCanBeCancelled() throws Exception {
    Path clip = TestClip.of(30).write(folder.resolve("a.mp4"));
    AtomicInteger asked = new AtomicInteger();
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () ->
                sampler.sample(
                    VideoFile.of(clip), uniform(8), sink, () -> asked.incrementAndGet() > 50))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
  }

  @Test
  void anInterruptCancelsAndStays() throws Exception {
    Path clip = TestClip.of(30).write(folder.resolve("a.mp4"));
    FrameSink interrupting =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {
            Thread.currentThread().interrupt();
          }

          @Override
          public void restart() {}
        };
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () ->
                sampler.sample(
                    VideoFile.of(clip), uniform(8), interrupting, VideoSamplerTest::never))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void oneSamplerServesManyThreads() throws Exception {
    Path clip = TestClip.of(40).bFrames(2).write(folder.resolve("a.mp4"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Integer>>> results =
          threads.invokeAll(
              Collections.nCopies(
                  12,
                  () -> {
                    CollectingSink own = new CollectingSink();
                    sampler.sample(VideoFile.of(clip), uniform(4), own, VideoSamplerTest::never);
                    return own.frames().stream().map(TestClip::numberShown).toList();
                  }));
      for (Future<List<Integer>> result : results) {
        assertThat(result.get()).containsExactly(0, 13, 26, 39);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anExceptionOfTheSinkEndsTheSampling() throws Exception {
    Path clip = TestClip.of(30).write(folder.resolve("a.mp4"));
    FrameSink broken =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {
            throw new IllegalStateException("no room");
          }

          @Override
          public void restart() {}
        };
    assertThatIllegalStateException()
        .isThrownBy(
            () -> sampler.sample(VideoFile.of(clip), uniform(8), broken, VideoSamplerTest::never))
        .withMessage("no room");
  }

  private static boolean never() {
    return false;
  }

  private List<Integer> numbersShown() {
    return sink.frames().stream().map(TestClip::numberShown).toList();
  }

  private static SampleSpec uniform(int frames) {
    return SampleSpec.uniform(frames, 64, ResizeRule.SQUASH);
  }

  private static VideoLimits limits(long bytes, long pixels, int streams, long packets) {
    return new VideoLimits(
        bytes, pixels, streams, packets, Duration.ofDays(7), 1L << 30, Duration.ofMinutes(1), 2);
  }

  private void assertFails(Path file, SampleSpec spec, Category category) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> sampler.sample(VideoFile.of(file), spec, sink, VideoSamplerTest::never))
        .satisfies(e -> assertThat(e.category()).isEqualTo(category));
  }

  private void assertRefusedBy(Path file, VideoLimits limits, String what) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(
            () ->
                new VideoSampler(limits)
                    .sample(VideoFile.of(file), uniform(8), sink, VideoSamplerTest::never))
        .withMessageStartingWith(what)
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }
}
