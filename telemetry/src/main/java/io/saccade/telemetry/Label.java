package io.saccade.telemetry;

import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a metric may be told apart by. The values of a label are the constants of an enum: however
 * many videos and questions there are, the number of time series stays.
 */
public enum Label {
  /** Nothing. */
  NONE(null),
  /** How a question ended. */
  STATUS(AnswerStatus.class),
  /** Why there is no answer or no clip. */
  CODE(FailureCode.class),
  /** Part of a question's way. */
  STAGE(Stage.class),
  /** Why a window was not asked about. */
  REASON(SkipReason.class),
  /** How a live feed is. */
  STATE(FeedState.class);

  private final Class<? extends Enum<?>> type;

  Label(Class<? extends Enum<?>> type) {
    this.type = type;
  }

  /** The tag's key: {@code status}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tag's value: the constant's name in lower case. */
  public static String value(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Whether this is a value of the label; of {@link #NONE} null is. */
  boolean accepts(Enum<?> constant) {
    return type == null ? constant == null : type.isInstance(constant);
  }

  /**
   * The values that are expected; not those that only stand for a field that is absent or that a
   * newer version wrote, which are counted when they come.
   */
  List<? extends Enum<?>> expected() {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> !constant.name().endsWith("UNSPECIFIED"))
        .filter(constant -> !constant.name().equals("UNRECOGNIZED"))
        .toList();
  }
}
