package io.saccade.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The label of a metric. Its values are fixed: however many videos and questions there are, the
 * number of time series stays the same.
 *
 * <p>{@link #STATUS}, {@link #CODE} and {@link #STATE} have the values of the contract's enums of
 * these names. They are listed here, so that this module does not need the contract; {@code
 * LabelTest} compares the lists.
 */
public enum Label {
  /** No label. */
  NONE(),
  /** How a question ended. */
  STATUS("ok", "failed", "skipped"),
  /** Why there is no answer or no clip. */
  CODE(
      "question_empty",
      "question_too_long",
      "question_invalid",
      "deadline_exceeded",
      "overloaded",
      "video_unknown",
      "video_refused",
      "video_unreadable",
      "video_no_stream",
      "video_corrupt",
      "video_range_empty",
      "video_timeout",
      "video_crashes_decoder",
      "model_unknown",
      "sampling_failed",
      "inference_failed",
      "frames_expired",
      "not_supported",
      "out_of_memory",
      "question_crashes_worker"),
  /** A stage between a question and its answer. */
  STAGE(Stage.values()),
  /** Why a window was not asked about. */
  REASON(SkipReason.values()),
  /** The state of a live feed. */
  STATE("connecting", "live", "stalled", "lost", "ended");

  /** How a newer version's constant arrives in an older one. */
  private static final String UNRECOGNIZED = "unrecognized";

  /** Ends the name of a constant that stands for an absent field. */
  private static final String UNSPECIFIED = "_unspecified";

  /** Whether the values are the contract's, which also has constants that are not listed. */
  private final boolean ofContract;

  @SuppressWarnings("ImmutableEnumChecker") // List.of and Stream.toList are immutable
  private final List<String> values;

  Label(String... values) {
    this.ofContract = true;
    this.values = List.of(values);
  }

  Label(Enum<?>[] constants) {
    this.ofContract = false;
    this.values = Stream.of(constants).map(Label::value).toList();
  }

  /** The tag's key, for example {@code status}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tag's value for a constant: its name in lower case. */
  public static String value(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a metric with this label may carry the value: one of {@link #expected}, or, of the
   * contract's, what stands for an absent field or for a newer version's constant. {@link #NONE}
   * takes null alone.
   */
  boolean accepts(String value) {
    if (this == NONE || value == null) {
      return this == NONE && value == null;
    }
    return values.contains(value)
        || (ofContract && (value.equals(UNRECOGNIZED) || value.endsWith(UNSPECIFIED)));
  }

  /** The values whose time series exist from the start, at zero. */
  List<String> expected() {
    return values;
  }
}
