package io.saccade.sampler.feed;

import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of a live video, on changes only: the best state of its feeds, of which each
 * profile has one. Thread-safe; no method blocks.
 */
final class FeedReporter {

  private static final Logger log = LoggerFactory.getLogger(FeedReporter.class);

  private static final List<FeedState> BEST_FIRST =
      List.of(
          FeedState.LIVE, FeedState.STALLED, FeedState.CONNECTING, FeedState.LOST, FeedState.ENDED);

  private final String videoId;
  private final FeedContext tools;

  /** What each feed said last; the first one counts among equals. */
  private final Map<Feed, FeedStatus> byFeed = new LinkedHashMap<>();

  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
  private FeedStatus last = FeedStatus.getDefaultInstance();

  /** Nothing is reported of this video so far. */
  FeedReporter(String videoId, FeedContext tools) {
    this.videoId = videoId;
    this.tools = tools;
  }

  /** Completes when the last report is acknowledged, or given up. */
  synchronized CompletableFuture<Void> settled() {
    return settled;
  }

  /** Takes what a feed says: its state, why, its session, the attempt and the source. */
  synchronized void report(Feed feed, FeedStatus status) {
    byFeed.put(feed, status);
    reportBest();
  }

  /** These feeds have stopped, and others go on. */
  synchronized void leave(Collection<Feed> gone) {
    byFeed.keySet().removeAll(gone);
    reportBest();
  }

  /** All feeds have stopped. */
  synchronized void end(FeedEnding ending) {
    if (last.getState() != FeedState.ENDED) {
      ending
          .status()
          .ifPresent(
              status -> report(status.setSession(last.getSession()).setAttempt(last.getAttempt())));
    }
    byFeed.clear();
  }

  /** Nobody can follow the video. */
  synchronized void refuse(Failure reason) {
    report(FeedStatus.newBuilder().setState(FeedState.ENDED).setReason(reason));
  }

  private void reportBest() {
    byFeed.values().stream()
        .min(Comparator.comparingInt(status -> BEST_FIRST.indexOf(status.getState())))
        .ifPresent(best -> report(best.toBuilder()));
  }

  private void report(FeedStatus.Builder status) {
    if (isSame(status) || !tools.mayReport().getAsBoolean()) {
      return;
    }
    last =
        status
            .setVideoId(videoId)
            .setSampler(tools.sampler())
            .setWindows(byFeed.keySet().stream().mapToLong(Feed::windows).sum())
            .setAt(Times.proto(tools.clock().instant()))
            .build();
    log(last);
    settled = sent(last);
  }

  /** Sent in order, by a thread that may wait. */
  private CompletableFuture<Void> sent(FeedStatus status) {
    return CompletableFuture.completedFuture(status)
        .thenComposeAsync(
            report -> tools.bus().send(Topics.FEED_STATUS, videoId, report), tools.reports())
        .handle(this::settle);
  }

  private Void settle(RecordMetadata at, Throwable failure) {
    if (failure != null) {
      log.error(
          "event=status_not_published video_id={} reason=\"{}\"", videoId, failure.toString());
    }
    return null;
  }

  private boolean isSame(FeedStatus.Builder status) {
    return status.getState() == last.getState()
        && status.getSession().equals(last.getSession())
        && status.getReason().equals(last.getReason());
  }

  private static void log(FeedStatus status) {
    log.info(
        "event=feed video_id={} state={} session={} attempt={} windows={} reason=\"{}\"",
        status.getVideoId(),
        status.getState(),
        status.getSession(),
        status.getAttempt(),
        status.getWindows(),
        status.getReason().getMessage());
  }
}
