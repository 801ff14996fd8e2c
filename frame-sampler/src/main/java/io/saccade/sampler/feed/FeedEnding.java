package io.saccade.sampler.feed;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.sampler.record.SamplingFailures;
import java.util.Optional;

/** Why a sampler stops to follow a feed that could go on. */
enum FeedEnding {
  /** The reference is gone, or names a file now. */
  WITHDRAWN(FeedState.ENDED, "the video was forgotten or is no live feed any more"),
  /** This sampler stops. */
  STOPPING(FeedState.LOST, "the sampler stops; another one takes the feed over"),
  /** The last model that wanted frames is gone. */
  UNANNOUNCED(FeedState.LOST, "no model is announced; the feed goes on when one is"),
  /** Somebody else, or a new plan, reports from here on. */
  REPLACED(FeedState.FEED_STATE_UNSPECIFIED, "");

  private final FeedState state;
  private final String sentence;

  FeedEnding(FeedState state, String sentence) {
    this.state = state;
    this.sentence = sentence;
  }

  /** What to report, if anything. */
  Optional<FeedStatus.Builder> status() {
    if (this == REPLACED) {
      return Optional.empty();
    }
    Failure reason =
        SamplingFailures.of(FailureCode.FAILURE_CODE_UNSPECIFIED, sentence).toBuilder()
            .setPassing(state == FeedState.LOST)
            .build();
    return Optional.of(FeedStatus.newBuilder().setState(state).setReason(reason));
  }
}
