package io.saccade.sampler;

import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what became of a feed, on changes only. Not thread-safe. */
final class FeedReporter {

  private static final Logger log = LoggerFactory.getLogger(FeedReporter.class);

  private final String videoId;
  private final String sampler;
  private final Bus bus;
  private final Clock clock;
  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
  private FeedStatus last = FeedStatus.getDefaultInstance();

  /** Reports of a feed by the sampler of this name. */
  FeedReporter(String videoId, String sampler, Bus bus, Clock clock) {
    this.videoId = videoId;
    this.sampler = sampler;
    this.bus = bus;
    this.clock = clock;
  }

  /** The last reported state. */
  FeedState state() {
    return last.getState();
  }

  /** Completes when the last report is acknowledged, or given up. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  /** Reports a state; all but the video, the sampler and the time are the caller's. */
  void report(FeedStatus.Builder status) {
    if (isSame(status)) {
      return;
    }
    last =
        status.setVideoId(videoId).setSampler(sampler).setAt(Times.proto(clock.instant())).build();
    log(last);
    settled = bus.send(Topics.FEED_STATUS, videoId, last).handle(this::settle);
  }

  private Void settle(RecordMetadata at, Throwable failure) {
    if (failure != null) {
      log.error(
          "event=status_not_published video_id={} reason=\"{}\"", videoId, failure.toString());
    }
    return null;
  }

  /** Reports that nobody follows the feed any more. */
  void ended(Failure reason) {
    report(FeedStatus.newBuilder().setState(FeedState.ENDED).setReason(reason));
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
