package io.saccade.sampler.feed;

import static io.saccade.proto.v1.FeedState.CONNECTING;
import static io.saccade.proto.v1.FeedState.ENDED;
import static io.saccade.proto.v1.FeedState.LIVE;
import static io.saccade.proto.v1.FeedState.LOST;
import static io.saccade.proto.v1.FeedState.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.LiveTimes;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Windows of 1 s, a hop of 0.5 s and 4 frames a window. */
class FeedTest {

  private static final long[] ONE_WINDOW = {0, 250, 500, 750, 1_000};

  private final FeedBench bench = new FeedBench();
  private FeedContext tools = bench.tools(8, Long.MAX_VALUE);
  private FeedReporter reporter;

  @Test
  void aFeedFromItsConnectionToItsEnd() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, ONE_WINDOW);
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
    assertThat(bench.statuses).allMatch(status -> status.getVideoId().equals("video"));
    assertThat(bench.statuses).allMatch(status -> status.getSampler().equals("sampler"));
    assertThat(bench.statuses).extracting(FeedStatus::getAttempt).containsOnly(1);
    FeedStatus live = bench.statuses.get(1);
    assertThat(live.getSession()).matches("[0-9a-f]{32}");
    assertThat(live.getSource().getCodec()).isEqualTo("h264");
    FeedStatus ended = bench.last();
    assertThat(ended.getReason().getMessage()).contains("end");
    assertThat(ended.getSession()).isEqualTo(live.getSession());
    assertThat(ended.getWindows()).as("the last one short").isEqualTo(2);
    assertThat(bench.timers).isEmpty();
    assertThat(bench.followed).containsExactly(new LiveSource("rtsp://camera/1", 1));
    assertThat(bench.specs)
        .containsExactly(
            new LiveSpec(
                Duration.ofMillis(250),
                FeedBench.SIZE,
                ResizeRule.SQUASH,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10)));
  }

  @Test
  void aWindowIsAClipThatNamesTheSessionsFrames() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250, 500, 750, 1_000, 1_250, 1_500);
        });

    feed().start();

    assertThat(bench.clips)
        .extracting(clip -> clip.getWindow().getNumber())
        .containsExactly(0L, 1L, 2L);
    ClipManifest first = bench.clips.get(0);
    ClipManifest second = bench.clips.get(1);
    String session = first.getWindow().getSession();
    assertThat(first.getClipId()).matches("[0-9a-f]{32}").isNotEqualTo(second.getClipId());
    assertThat(first.getVideoId()).isEqualTo("video");
    assertThat(first.getAttempt()).isEqualTo(1);
    assertThat(first.getPartition()).isEqualTo(FeedBench.PARTITION);
    assertThat(first.hasRange()).isFalse();
    assertThat(second.getWindow().getSession()).isEqualTo(session);
    assertThat(Times.java(second.getWindow().getStream().getFrom()))
        .isEqualTo(Duration.ofMillis(500));
    assertThat(Times.java(second.getWindow().getStream().getTo()))
        .isEqualTo(Duration.ofMillis(1_500));
    assertThat(Times.java(second.getWindow().getBegin()))
        .isEqualTo(FeedBench.START.plusMillis(500));
    assertThat(Times.java(second.getWindow().getEnd()))
        .isEqualTo(FeedBench.START.plusMillis(1_500));
    assertThat(first.getFramesList())
        .extracting(FrameEntry::getOffset)
        .containsExactly(100L, 101L, 102L, 103L);
    assertThat(second.getFramesList())
        .extracting(FrameEntry::getOffset)
        .as("shared")
        .containsExactly(102L, 103L, 104L, 105L);
    assertThat(second.getFramesList())
        .extracting(FrameEntry::getPathway)
        .containsExactly(Pathway.BOTH, Pathway.SLOW, Pathway.BOTH, Pathway.SLOW);
    assertThat(second.getFramesList())
        .extracting(FrameEntry::getPosition)
        .containsExactly(0, 1, 2, 3);
    assertThat(second.getSource().getFrameCount()).isEqualTo(4);
    assertThat(bench.frames).hasSize(7).extracting(FrameTensor::getClipId).containsOnly(session);
    assertThat(bench.frames).extracting(FrameTensor::getFrameIndex).startsWith(0, 1, 2);
    assertThat(first.getFrames(1).getCrc32C()).isEqualTo(bench.frames.get(1).getCrc32C());
  }

  @Test
  void aShortWindowOfAUniformProfileRepeatsFrames() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250);
        });

    feed().start();

    assertThat(bench.clips).hasSize(1);
    assertThat(bench.clips.get(0).getFramesList())
        .extracting(FrameEntry::getOffset)
        .containsExactly(100L, 100L, 100L, 101L);
    assertThat(Times.java(bench.clips.get(0).getWindow().getStream().getTo()))
        .isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aManifestWaitsForItsFramesAndNobodyWaitsForIt() throws Exception {
    bench.unacknowledged = new ArrayDeque<>();
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, ONE_WINDOW);
        });
    Feed feed = feed();
    feed.start();
    CompletableFuture<Void> stopped = stop(feed, FeedEnding.STOPPING);
    assertThat(bench.clips).isEmpty();

    for (int i = 0; i < 3; i++) {
      bench.unacknowledged.remove().run();
    }
    assertThat(bench.clips).isEmpty();
    bench.unacknowledged.remove().run();
    assertThat(bench.clips).hasSize(1);
    assertThat(stopped).isNotDone();
    bench.unacknowledged.remove().run();

    assertThat(bench.clips).as("then the short one").hasSize(2);
    assertThat(stopped).isDone();
  }

  @Test
  void aFullBudgetDropsWindowsAndCountsThem() throws Exception {
    tools = bench.tools(8, 3L * FeedBench.FRAME_BYTES);
    bench.unacknowledged = new ArrayDeque<>();
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250, 500, 750); // the last one finds no room
          bench.unacknowledged.forEach(Runnable::run);
          bench.unacknowledged = null;
          bench.play(sink, 1_000, 1_250, 1_500, 1_750, 2_000);
        });

    feed().start();

    assertThat(bench.counters.droppedWindows()).as("0 and 1 have the frame at 750").isEqualTo(2);
    assertThat(bench.clips)
        .extracting(clip -> clip.getWindow().getNumber())
        .containsExactly(2L, 3L);
    assertThat(bench.counters.publishedWindows()).isEqualTo(2);
  }

  @Test
  void aSourceLostForAWhileIsConnectedAgainAfterAPauseThatGrows() throws Exception {
    for (int i = 0; i < 9; i++) {
      bench.scripts.add(
          sink -> {
            throw FeedBench.lost();
          });
    }
    feed().start();
    for (int i = 0; i < 8; i++) {
      bench.endPause();
    }

    assertThat(bench.states()).hasSize(18).startsWith(CONNECTING, LOST, CONNECTING, LOST);
    assertThat(bench.last().getAttempt()).isEqualTo(9);
    assertThat(bench.last().getReason().getPassing()).isTrue();
    assertThat(bench.last().getReason().getMessage()).isEqualTo("the source is gone");
    long bound = 500;
    for (Duration pause : bench.pauses) {
      assertThat(pause.toMillis()).isBetween(0L, bound);
      bound = Math.min(2 * bound, 30_000);
    }
  }

  @Test
  void framesForAWhileMakeTheNextPauseAFirstOne() throws Exception {
    bench.scripts.add(
        sink -> {
          throw FeedBench.lost();
        });
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 5_000, 10_000);
          throw FeedBench.lost();
        });
    bench.scripts.add(
        sink -> {
          throw FeedBench.lost();
        });
    feed().start();
    bench.endPause();
    bench.endPause();

    assertThat(bench.statuses)
        .extracting(FeedStatus::getAttempt)
        .containsExactly(1, 1, 2, 2, 0, 1, 1);
    assertThat(bench.pauses.get(1)).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aLastingFailureEndsTheFeed() throws Exception {
    bench.scripts.add(
        sink -> {
          throw FeedBench.refused();
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, ENDED);
    assertThat(bench.last().getReason().getCode()).isEqualTo(FailureCode.VIDEO_REFUSED);
    assertThat(bench.timers).isEmpty();
  }

  @Test
  void aReaderThatBreaksIsTriedAgain() throws Exception {
    bench.scripts.add(
        sink -> {
          throw new IllegalStateException("internal words");
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LOST);
    assertThat(bench.last().getReason().getMessage()).doesNotContain("internal");
    assertThat(bench.timers).hasSize(1);
  }

  @Test
  void aNewSessionIsReportedAndEndsTheOldOnesWindow() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250);
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250, 500);
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, LIVE, ENDED);
    assertThat(bench.clips).hasSize(2);
    assertThat(bench.clips).extracting(clip -> clip.getWindow().getNumber()).containsOnly(0L);
    assertThat(bench.clips)
        .extracting(clip -> clip.getWindow().getSession())
        .containsExactly(bench.statuses.get(1).getSession(), bench.statuses.get(2).getSession())
        .doesNotHaveDuplicates();
  }

  @Test
  void aStallIsReportedOnce() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0);
          sink.stalled();
          sink.stalled();
          sink.session(FeedBench.facts());
          bench.play(sink, 0);
          throw FeedBench.lost();
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, STALLED, LIVE, LOST);
  }

  @Test
  void aFeedBeyondTheLimitWaitsForItsTurn() throws Exception {
    tools = bench.tools(1, Long.MAX_VALUE);
    tools.slots().acquireUninterruptibly();
    feed().start();
    bench.endPause();

    assertThat(bench.states()).as("told once").containsExactly(LOST);
    assertThat(bench.last().getReason().getPassing()).isTrue();
    assertThat(bench.last().getReason().getMessage()).contains("max-feeds=1");
    tools.slots().release();
    bench.endPause();

    assertThat(bench.followed).hasSize(1);
    assertThat(tools.slots().availablePermits()).isEqualTo(1);
  }

  @Test
  void aFeedThatIsPerhapsAnothersByNowSaysNothing() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.mayReport = false;
          sink.stalled();
          throw FeedBench.lost();
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE);
  }

  @Test
  void aStoppedFeedSaysNothingMore() throws Exception {
    Feed feed = feed();
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0);
          var unused = stop(feed, FeedEnding.WITHDRAWN);
          bench.play(sink, 0);
        });

    feed.start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
    assertThat(bench.cancelled.getAsBoolean()).isTrue();
    assertThat(bench.timers).isEmpty();
    assertThat(bench.clips).as("what there was of its window").hasSize(1);
    feed.start();
    assertThat(bench.followed).hasSize(1);
  }

  @Test
  void aFeedThatIsStoppedInAPauseDoesNotConnectAgain() throws Exception {
    bench.scripts.add(
        sink -> {
          throw FeedBench.lost();
        });
    Feed feed = feed();
    feed.start();

    assertThat(stop(feed, FeedEnding.STOPPING)).isDone();

    assertThat(bench.timers.remove().isCancelled()).isTrue();
    assertThat(bench.states()).containsExactly(CONNECTING, LOST, LOST);
    assertThat(bench.last().getReason().getMessage()).contains("the sampler stops");
  }

  @Test
  void aFrameTooLargeForTheLogEndsTheFeed() throws Exception {
    bench.refusal = new RecordTooLargeException("internal words");
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, ONE_WINDOW);
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
    assertThat(bench.last().getReason().getMessage()).contains("max.message.bytes");
    assertThat(bench.clips).isEmpty();
    assertThat(bench.counters.droppedWindows()).isEqualTo(2);
  }

  @Test
  void aFrameThatTheLogDidNotTakeInTimeCostsItsWindowsOnly() throws Exception {
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.refusal = new TimeoutException("internal words");
          bench.play(sink, 0);
          bench.refusal = null;
          bench.play(sink, 250, 500, 750, 1_000, 1_250, 1_500);
        });

    feed().start();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
    assertThat(bench.last().getReason().getMessage()).contains("came to its end");
    assertThat(bench.clips)
        .extracting(clip -> clip.getWindow().getNumber())
        .containsExactly(1L, 2L);
    assertThat(bench.counters.droppedWindows()).isEqualTo(1);
  }

  @Test
  void reportsAreSentInTheirOrderByWhoMayWait() throws Exception {
    List<Runnable> later = new ArrayList<>();
    bench.reports = later::add;
    bench.scripts.add(sink -> sink.session(FeedBench.facts()));
    feed().start();
    assertThat(bench.statuses).isEmpty();
    assertThat(reporter.settled()).isNotDone();

    later.forEach(Runnable::run);

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
    assertThat(reporter.settled()).isDone();
  }

  @Test
  void whoAcknowledgesTheLastWindowDoesNotConcludeTheFeed() throws Exception {
    bench.unacknowledged = new ArrayDeque<>();
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0);
        });
    feed().start();
    Deque<Runnable> later = new ArrayDeque<>();
    bench.threads = later::add;
    bench.unacknowledged.remove().run();
    later.remove().run(); // sends the window, which is acknowledged at once
    assertThat(bench.clips).hasSize(1);
    assertThat(bench.states()).containsExactly(CONNECTING, LIVE);

    later.remove().run();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, ENDED);
  }

  private CompletableFuture<Void> stop(Feed feed, FeedEnding ending) {
    CompletableFuture<Void> stopped = feed.stop();
    reporter.end(ending);
    return CompletableFuture.allOf(stopped, reporter.settled());
  }

  private Feed feed() throws BadRequestException {
    reporter = new FeedReporter("video", tools);
    return feed(reporter, tools);
  }

  /** A feed of the video {@code video}. */
  static Feed feed(FeedContext tools) throws BadRequestException {
    return feed(new FeedReporter("video", tools), tools);
  }

  private static Feed feed(FeedReporter reporter, FeedContext tools) throws BadRequestException {
    FeedPlan plan =
        new FeedPlan(
            LiveSource.of("rtsp://camera/1"),
            new LiveTimes(Duration.ofSeconds(1), Duration.ofMillis(500)));
    return new Feed("video", plan, FeedProfile.of(FeedBench.profile(4)), reporter, tools);
  }
}
