package io.saccade.sampler.record;

import io.saccade.proto.v1.SamplingProfile;
import io.saccade.video.SamplingPolicy;
import io.saccade.video.SamplingPolicy.Fps;
import io.saccade.video.SamplingPolicy.FpsFirst;

/** Between the contract's sampling policies and the video module's. */
public final class Policies {

  private Policies() {}

  /** The policy's name in the contract. */
  public static io.saccade.proto.v1.SamplingPolicy name(SamplingPolicy policy) {
    if (policy instanceof Fps) {
      return io.saccade.proto.v1.SamplingPolicy.FPS;
    }
    return policy instanceof FpsFirst
        ? io.saccade.proto.v1.SamplingPolicy.FPS_FIRST
        : io.saccade.proto.v1.SamplingPolicy.UNIFORM;
  }

  /** The rate of a policy by rate in frames a second, else 0. */
  public static double rate(SamplingPolicy policy) {
    if (policy instanceof Fps fps) {
      return fps.fps();
    }
    return policy instanceof FpsFirst first ? first.fps() : 0;
  }

  /**
   * The policy that a profile asks for.
   *
   * @throws IllegalArgumentException if it is not known here, or its rate is not a positive number
   */
  static SamplingPolicy of(SamplingProfile profile) {
    return switch (profile.getPolicy()) {
      case UNIFORM -> SamplingPolicy.UNIFORM;
      case FPS -> new Fps(profile.getRate());
      case FPS_FIRST -> new FpsFirst(profile.getRate());
      case SAMPLING_POLICY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "profile.policy=%d is not known to this sampler".formatted(profile.getPolicyValue()));
    };
  }
}
