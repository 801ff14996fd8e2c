package io.saccade.router.rules;

import io.saccade.proto.Limits;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import java.util.Optional;

/** Validates model cards. Public for the package {@code streams} only. */
public final class ModelRules {

  private static final int FRAMES = 4_096;
  private static final int LEAST_SIZE = 16;
  private static final int MOST_SIZE = 2_048;

  /** Frames per second. */
  private static final double MOST_RATE = 10_000;

  /** Largest size in bytes, unknown fields included. */
  private static final int BYTES = 64 << 10;

  private ModelRules() {}

  /** The first rule that a card with this record key breaks; empty if it is valid. */
  public static Optional<String> problem(String key, ModelCard card) {
    if (!card.getName().equals(key) || !Limits.isId(card.getName())) {
      return Optional.of("the record's key must equal name and have 1 to 200 characters");
    }
    if (card.getSerializedSize() > BYTES) {
      return Optional.of("a card has at most " + BYTES + " bytes");
    }
    return problem(card.getProfile());
  }

  private static Optional<String> problem(SamplingProfile profile) {
    if (profile.getFrames() < 1 || profile.getFrames() > FRAMES) {
      return Optional.of("profile.frames must be 1 to " + FRAMES);
    }
    if (profile.getImageSize() < LEAST_SIZE || profile.getImageSize() > MOST_SIZE) {
      return Optional.of("profile.image_size must be " + LEAST_SIZE + " to " + MOST_SIZE);
    }
    if (profile.getResizeValue() == ResizeRule.RESIZE_RULE_UNSPECIFIED_VALUE
        || profile.getPolicyValue() == SamplingPolicy.SAMPLING_POLICY_UNSPECIFIED_VALUE) {
      return Optional.of("profile.resize and profile.policy must be given");
    }
    if (profile.getFastStride() < 1 || profile.getMinFastFrames() < 1) {
      return Optional.of("profile.fast_stride and profile.min_fast_frames must be at least 1");
    }
    return rateProblem(profile);
  }

  /** A policy that this version does not know may have any rate. NaN fails every comparison. */
  private static Optional<String> rateProblem(SamplingProfile profile) {
    double rate = profile.getRate();
    return switch (profile.getPolicy()) {
      case UNIFORM ->
          rate == 0 ? Optional.empty() : Optional.of("profile.rate must be 0 with policy UNIFORM");
      case FPS, FPS_FIRST ->
          rate > 0 && rate <= MOST_RATE
              ? Optional.empty()
              : Optional.of("profile.rate must be above 0, at most " + (int) MOST_RATE);
      default -> Optional.empty();
    };
  }
}
