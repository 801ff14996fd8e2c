package io.saccade.sampler.feed;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.sampler.record.Manifests;
import io.saccade.sampler.record.SamplingFailures;
import io.saccade.video.LiveSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live feed that this sampler follows for one profile: connects, publishes windows, reports, and
 * connects again after a pause when the source was lost for a passing reason. Thread-safe; no
 * method blocks.
 */
final class Feed {

  private static final Logger log = LoggerFactory.getLogger(Feed.class);

  private final String videoId;
  private final FeedPlan plan;
  private final LiveSpec spec;
  private final Cadence cadence;
  private final FeedContext tools;

  /** Shared with the video's other feeds; never calls one while it is locked. */
  private final FeedReporter reporter;

  private final WindowPublisher windows;
  private final Backoff backoff;

  private FeedState state = FeedState.FEED_STATE_UNSPECIFIED;
  private volatile boolean stopped;
  private volatile Throwable refusal;
  private String session = "";
  private int attempt;
  private Future<?> retry = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> connection = CompletableFuture.completedFuture(null);

  /** A feed that is not followed yet. */
  Feed(
      String videoId,
      FeedPlan plan,
      FeedProfile profile,
      FeedReporter reporter,
      FeedContext tools) {
    this.videoId = videoId;
    this.plan = plan;
    this.tools = tools;
    this.cadence = Cadence.of(plan.times(), profile.profile());
    FeedConfig config = tools.config();
    this.spec =
        new LiveSpec(
            cadence.stepTime(),
            profile.profile().getImageSize(),
            profile.resize(),
            config.stall(),
            config.connectTimeout());
    this.reporter = reporter;
    this.backoff = new Backoff(config.firstPause(), config.longestPause(), tools.random());
    SamplingRequest clip =
        SamplingRequest.newBuilder()
            .setVideoId(videoId)
            .setUri(plan.source().uri())
            .setProfile(profile.profile())
            .build();
    this.windows =
        new WindowPublisher(
            clip, tools.bus(), tools.threads(), tools.clock(), tools.counters(), this::refused);
  }

  /** The video's id. */
  String videoId() {
    return videoId;
  }

  /** What it is doing. */
  synchronized FeedState state() {
    return state;
  }

  /** Windows published so far. */
  long windows() {
    return windows.published();
  }

  /** Whether the source came to its end or was refused for good. */
  synchronized boolean hasEnded() {
    return state == FeedState.ENDED;
  }

  /** Connects. */
  synchronized void start() {
    if (!stopped) {
      tools.counters().followed(this);
      connection = CompletableFuture.runAsync(this::connect, tools.threads());
    }
  }

  /**
   * Ends the feed for good. It reports nothing after this call.
   *
   * @return completes when the source is closed and all windows are published or given up
   */
  synchronized CompletableFuture<Void> stop() {
    stopped = true;
    tools.counters().left(this);
    retry.cancel(false);
    return connection.thenCompose(closed -> windows.settled());
  }

  /** A session began, or frames come again. */
  synchronized void live(String name, SourceFacts source) {
    session = name;
    report(FeedStatus.newBuilder().setState(FeedState.LIVE).setSource(Manifests.source(source)));
  }

  /** No frame came for a while. */
  synchronized void stalled() {
    report(FeedStatus.newBuilder().setState(FeedState.STALLED));
  }

  /** Frames have come for a while. */
  synchronized void steady() {
    attempt = 0;
    backoff.reset();
  }

  private void connect() {
    if (!tools.slots().tryAcquire()) {
      conclude(
          SamplingFailures.passing(
              "this sampler follows max-feeds=%d feeds already; add samplers or raise it"
                  .formatted(tools.config().maxFeeds())));
      return;
    }
    Failure reason = followInSlot();
    // So that a report counts all windows, and the log is not outrun.
    var unused = windows.settled().thenRunAsync(() -> conclude(reason), tools.threads());
  }

  private Failure followInSlot() {
    try {
      connecting();
      return follow();
    } finally {
      tools.slots().release();
    }
  }

  private synchronized void connecting() {
    attempt++;
    tools.counters().connecting();
    report(FeedStatus.newBuilder().setState(FeedState.CONNECTING));
  }

  /** Follows the source to its end, and tells why that came. */
  private Failure follow() {
    try (FeedConnection sink = new FeedConnection(this, tools, cadence, windows)) {
      tools.reader().follow(plan.source(), spec, sink, () -> stopped || refusal != null);
      return SamplingFailures.of(
          FailureCode.FAILURE_CODE_UNSPECIFIED, "the source came to its end");
    } catch (VideoException e) {
      return refusal == null ? SamplingFailures.of(e) : SamplingFailures.of(refusal);
    } catch (RuntimeException | Error e) { // the feed must not go silently
      log.error("event=feed_error video_id={}", videoId, e);
      return SamplingFailures.of(e);
    }
  }

  private synchronized void conclude(Failure reason) {
    if (stopped) {
      return;
    }
    if (!reason.getPassing()) {
      tools.counters().left(this);
      report(FeedStatus.newBuilder().setState(FeedState.ENDED).setReason(reason));
      return;
    }
    report(FeedStatus.newBuilder().setState(FeedState.LOST).setReason(reason));
    retry = tools.timer().schedule(this::start, backoff.next());
  }

  /** A window was not published. */
  private void refused(Throwable failure) {
    log.warn("event=window_refused video_id={} reason=\"{}\"", videoId, failure.toString());
    if (failure instanceof RecordTooLargeException) {
      refusal = failure; // so is every other frame
    }
  }

  /** Called with the lock held. */
  private void report(FeedStatus.Builder status) {
    if (!stopped) {
      state = status.getState();
      reporter.report(this, status.setSession(session).setAttempt(attempt).build());
    }
  }
}
