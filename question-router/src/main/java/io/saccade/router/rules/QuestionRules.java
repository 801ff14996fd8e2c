package io.saccade.router.rules;

import com.google.protobuf.util.Timestamps;
import io.saccade.proto.Limits;
import io.saccade.proto.v1.DecodeMode;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Turn;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterLimits;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Validates questions. A refusal's message repeats at most the offending number, never the
 * question's text. Public for the packages {@code state} and {@code flow} only.
 */
public final class QuestionRules {

  private static final int EARLIER_TURNS = 64;
  private static final int FRAMES = 4_096;
  private static final float TEMPERATURE = 10;
  private static final float REPETITION_PENALTY = 10;
  private static final int STOPS = 8;
  private static final int STOP_CHARS = 64;

  /**
   * Largest size of a question in bytes, unknown fields included. With a manifest of at most {@link
   * ManifestRules#BYTES} it fits a record of Kafka's default size.
   */
  private static final int BYTES = 256 << 10;

  private final int maxQuestionChars;

  /** Rules with this limit on a question's characters. */
  public QuestionRules(RouterLimits limits) {
    this.maxQuestionChars = limits.maxQuestionChars();
  }

  /** Why this question has no usable ids, so that an answer could not name it; empty if it has. */
  public static Optional<String> unanswerable(Question question) {
    if (!Limits.isId(question.getQuestionId())) {
      return Optional.of("question_id must have 1 to " + Limits.ID_CHARS + " characters");
    }
    if (Limits.isWindowId(question.getQuestionId())) {
      return Optional.of(
          "question_id ends in # and 32 hexadecimal digits like that of a standing question's"
              + " window, whose answer it would be taken for: choose another");
    }
    return Limits.isId(question.getVideoId())
        ? Optional.empty()
        : Optional.of("video_id must have 1 to " + Limits.ID_CHARS + " characters");
  }

  /**
   * The id of the question that a standing question asks of a window. {@link #unanswerable} refuses
   * such ids for all other questions.
   */
  public static String windowId(String standingId, String clipId) {
    return standingId + "#" + clipId;
  }

  /**
   * The first rule that the question breaks, whatever its video and model; empty if it is valid.
   *
   * @param key the record's key
   */
  public Optional<Failure> refuse(String key, Question question) {
    return first(
        () ->
            require(
                question.getVideoId().equals(key),
                "the record's key must equal video_id, so that all records of a video are in one partition"),
        () -> text(question),
        () ->
            require(
                Limits.characters(question.getModel()) <= Limits.ID_CHARS,
                "model must have at most " + Limits.ID_CHARS + " characters"),
        () -> TimeRules.problem(question.getRange()).flatMap(QuestionRules::invalid),
        () ->
            require(
                question.getFrames() >= 0 && question.getFrames() <= FRAMES,
                "frames="
                    + Integer.toUnsignedString(question.getFrames())
                    + ": must be 1 to 4,096, or 0 for the model's own number"),
        () ->
            require(
                !question.hasDeadline() || Timestamps.isValid(question.getDeadline()),
                "deadline must be a moment of the years 1 to 9999"),
        () -> options(question.getOptions()));
  }

  /**
   * The first rule that the question breaks for this video and this model; empty if it is valid.
   */
  public static Optional<Failure> refuse(Question question, VideoReference video, ModelCard model) {
    int asked = question.getOptions().getMaxNewTokens();
    int most = model.getMaxNewTokens();
    return first(
        () -> VideoRules.isLive(video) ? refuseLive(question) : Optional.empty(),
        () ->
            require(
                most == 0 || Integer.compareUnsigned(asked, most) <= 0,
                "options.max_new_tokens="
                    + Integer.toUnsignedString(asked)
                    + ": must be at most the model's "
                    + Integer.toUnsignedString(most)));
  }

  private Optional<Failure> text(Question question) {
    if (question.getText().isBlank()) {
      return failure(FailureCode.QUESTION_EMPTY, "the question has no text: ask something");
    }
    if (question.getEarlierTurnsCount() > EARLIER_TURNS) {
      return failure(
          FailureCode.QUESTION_TOO_LONG,
          question.getEarlierTurnsCount() + " earlier turns: send at most " + EARLIER_TURNS);
    }
    int earlier = 0;
    for (Turn turn : question.getEarlierTurnsList()) {
      earlier += Limits.characters(turn.getQuestion()) + Limits.characters(turn.getAnswer());
    }
    int chars = Limits.characters(question.getText()) + earlier;
    if (chars > maxQuestionChars) {
      return failure(
          FailureCode.QUESTION_TOO_LONG,
          chars
              + " characters, "
              + earlier
              + " of them in earlier turns: the limit is "
              + maxQuestionChars
              + " together");
    }
    int bytes = question.getSerializedSize();
    return bytes <= BYTES
        ? Optional.empty()
        : failure(
            FailureCode.QUESTION_TOO_LONG,
            "the question's record has " + bytes + " bytes: the limit is " + BYTES);
  }

  private static Optional<Failure> options(GenerationOptions options) {
    float temperature = options.getTemperature();
    float topP = options.getTopP();
    float penalty = options.getRepetitionPenalty();
    // Comparisons are written so that NaN fails them.
    return first(
        () ->
            require(
                !options.hasMaxNewTokens() || options.getMaxNewTokens() != 0,
                "options.max_new_tokens=0: must be at least 1"),
        () ->
            require(
                temperature >= 0 && temperature <= TEMPERATURE,
                "options.temperature=" + temperature + ": must be 0 (greedy) to 10"),
        () ->
            require(
                !options.hasTopP() || (topP > 0 && topP <= 1),
                "options.top_p=" + topP + ": must be above 0, at most 1"),
        () ->
            require(
                !options.hasTopK() || options.getTopK() != 0,
                "options.top_k=0: must be at least 1"),
        () ->
            require(
                !options.hasRepetitionPenalty() || (penalty > 0 && penalty <= REPETITION_PENALTY),
                "options.repetition_penalty=" + penalty + ": must be above 0, at most 10"),
        () ->
            require(
                options.getDecodeMode() != DecodeMode.UNRECOGNIZED,
                "options.decode_mode=" + options.getDecodeModeValue() + ": is not a decode mode"),
        () ->
            require(
                options.getStopCount() <= STOPS,
                "options.stop has " + options.getStopCount() + " strings: send at most " + STOPS),
        () ->
            require(
                options.getStopList().stream().allMatch(QuestionRules::isStop),
                "options.stop: each string must have 1 to " + STOP_CHARS + " characters"));
  }

  private static boolean isStop(String stop) {
    return !stop.isEmpty() && Limits.characters(stop) <= STOP_CHARS;
  }

  /** A feed is cut into windows by its own options, before any question about it. */
  private static Optional<Failure> refuseLive(Question question) {
    if (question.hasRange()) {
      return failure(
          FailureCode.NOT_SUPPORTED,
          "a live video is asked about as it is now: ask without a range");
    }
    return question.getFrames() == 0
        ? Optional.empty()
        : failure(
            FailureCode.NOT_SUPPORTED,
            "a live video is sampled before it is asked about: ask without frames");
  }

  private static Optional<Failure> require(boolean holds, String rule) {
    return holds ? Optional.empty() : invalid(rule);
  }

  private static Optional<Failure> invalid(String rule) {
    return failure(FailureCode.QUESTION_INVALID, rule);
  }

  private static Optional<Failure> failure(FailureCode code, String message) {
    return Optional.of(Failures.of(code, message));
  }

  @SafeVarargs
  private static Optional<Failure> first(Supplier<Optional<Failure>>... rules) {
    for (Supplier<Optional<Failure>> rule : rules) {
      Optional<Failure> failure = rule.get();
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }
}
