package io.saccade.sampler.record;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a failed sampling is called in the contract. */
public final class SamplingFailures {

  private SamplingFailures() {}

  public static Failure of(VideoException failure) {
    return of(code(failure.category()), failure.getMessage()).toBuilder()
        .setPassing(failure.isPassing() || failure.category() == Category.CANCELLED)
        .build();
  }

  /** A failure that is not the video's. All but a setting to change may pass by itself. */
  public static Failure of(Throwable failure) {
    if (failure instanceof RecordTooLargeException) {
      return of(
          FailureCode.SAMPLING_FAILED,
          "a frame is larger than the log takes: raise max.request.size of the sampler and max.message.bytes of the"
              + " frames topic");
    }
    return passing("the sampler failed (" + failure.getClass().getSimpleName() + "); see its log");
  }

  /** A failure of the sampler that may be over in a while. */
  public static Failure passing(String message) {
    return of(FailureCode.SAMPLING_FAILED, message).toBuilder().setPassing(true).build();
  }

  /** A failure that lasts. */
  public static Failure of(FailureCode code, String message) {
    return Failure.newBuilder().setCode(code).setMessage(message).build();
  }

  private static FailureCode code(Category category) {
    return switch (category) {
      case REFUSED -> FailureCode.VIDEO_REFUSED;
      case UNREADABLE -> FailureCode.VIDEO_UNREADABLE;
      case NO_VIDEO_STREAM -> FailureCode.VIDEO_NO_STREAM;
      case UNSUPPORTED -> FailureCode.NOT_SUPPORTED;
      case CORRUPT -> FailureCode.VIDEO_CORRUPT;
      case EMPTY_RANGE -> FailureCode.VIDEO_RANGE_EMPTY;
      case TIMEOUT -> FailureCode.VIDEO_TIMEOUT;
      case CRASHED -> FailureCode.VIDEO_CRASHES_DECODER;
      case CANCELLED -> FailureCode.SAMPLING_FAILED;
    };
  }
}
