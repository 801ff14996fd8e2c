package io.saccade.router.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.saccade.proto.Limits;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.router.RouterLimits;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Validates standing questions and derives from them the questions about windows. Public for the
 * packages {@code state}, {@code flow} and {@code streams} only.
 */
public final class StandingRules {

  /**
   * Largest product of a pattern's counted repetitions. RE2 expands repetitions into its program,
   * so a pattern of 30 characters could need gigabytes.
   */
  private static final long REPETITIONS = 1_000;

  /**
   * Largest number of instructions of a compiled pattern, which bounds the matching steps per
   * character of text.
   */
  private static final int INSTRUCTIONS = 2_000;

  /** Largest size in bytes, unknown fields included. */
  private static final int BYTES = 256 << 10;

  private static final java.util.regex.Pattern REPETITION =
      java.util.regex.Pattern.compile("\\{(\\d*)(?:,(\\d*))?}");

  private final QuestionRules questions;

  /** Rules with these limits on the text. */
  public StandingRules(RouterLimits limits) {
    this.questions = new QuestionRules(limits);
  }

  /** The first rule that a standing question with this record key breaks; empty if it is valid. */
  public Optional<String> problem(String key, StandingQuestion standing) {
    if (!standing.getQuestionId().equals(key)) {
      return Optional.of("the record's key must equal question_id");
    }
    if (!Limits.isStandingId(key)) {
      return Optional.of("question_id must have 1 to " + Limits.STANDING_ID_CHARS + " characters");
    }
    if (standing.getSerializedSize() > BYTES) {
      return Optional.of("a standing question has at most " + BYTES + " bytes");
    }
    return target(standing)
        .or(() -> questionProblem(standing))
        .or(() -> freshness(standing))
        .or(() -> standing.hasAlert() ? alert(standing.getAlert()) : Optional.empty());
  }

  /** Compiles the pattern of a valid rule; upper and lower case are not distinguished. */
  public static Pattern pattern(AlertRule rule) {
    return Pattern.compile(rule.getMatches(), Pattern.CASE_INSENSITIVE);
  }

  /** The question that is asked about a video's windows, without an id. */
  public static Question question(StandingQuestion standing, String videoId) {
    Question.Builder question =
        Question.newBuilder()
            .setVideoId(videoId)
            .setText(standing.getText())
            .setModel(standing.getModel());
    if (standing.hasOptions()) {
      question.setOptions(standing.getOptions());
    }
    return question.build();
  }

  private static Optional<String> target(StandingQuestion standing) {
    return switch (standing.getTargetCase()) {
      case VIDEO_ID ->
          unless(
              Limits.isId(standing.getVideoId()),
              "video_id must have 1 to " + Limits.ID_CHARS + " characters");
      case SELECTOR -> selector(standing.getSelector());
      case TARGET_NOT_SET -> Optional.of("either video_id or selector must be given");
    };
  }

  private static Optional<String> selector(LabelSelector selector) {
    int labels = selector.getLabelsCount();
    return unless(
            labels >= 1 && labels <= Limits.LABELS,
            "selector must have 1 to " + Limits.LABELS + " labels")
        .or(
            () ->
                unless(
                    Limits.areLabels(selector.getLabelsMap()),
                    "labels must have at most " + Limits.LABEL_CHARS + " characters"));
  }

  /** Why the rules of questions refuse the text, model or options. */
  private Optional<String> questionProblem(StandingQuestion standing) {
    return questions.refuse("v", question(standing, "v")).map(Failure::getMessage);
  }

  private static Optional<String> freshness(StandingQuestion standing) {
    return unless(
        !standing.hasFreshness() || Limits.isFreshness(standing.getFreshness()),
        "freshness must be 0.1 s to 1 h");
  }

  private static Optional<String> alert(AlertRule rule) {
    String matches = rule.getMatches();
    return unless(
            Limits.isPattern(matches),
            "alert.matches must have 1 to " + Limits.PATTERN_CHARS + " characters")
        .or(() -> syntax(rule))
        .or(
            () ->
                unless(
                    Limits.isMinWindows(rule.getMinWindows()),
                    "alert.min_windows must be 1 to 1,000, or 0 for 1"))
        .or(() -> unless(Limits.isHoldOff(rule.getHoldOff()), "alert.hold_off must be 0 to 1 day"));
  }

  private static Optional<String> syntax(AlertRule rule) {
    if (repetitions(rule.getMatches()) > REPETITIONS) {
      return Optional.of(
          "alert.matches: the counts in braces must multiply to at most " + REPETITIONS);
    }
    try {
      return unless(
          pattern(rule).programSize() <= INSTRUCTIONS, "alert.matches is too large a pattern");
    } catch (PatternSyntaxException e) {
      return Optional.of("alert.matches is no regular expression in RE2 syntax: " + e.getMessage());
    }
  }

  /** An upper bound of the product of nested counts: counts side by side are multiplied, too. */
  private static long repetitions(String matches) {
    long product = 1;
    Matcher counts = REPETITION.matcher(matches);
    while (counts.find() && product <= REPETITIONS) {
      product *= Math.max(1, Math.max(count(counts.group(1)), count(counts.group(2))));
    }
    return product;
  }

  /** The count; of a number too long to parse, the smallest count that is refused. */
  private static long count(String digits) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    return digits.length() > 9 ? REPETITIONS + 1 : Long.parseLong(digits);
  }

  private static Optional<String> unless(boolean holds, String rule) {
    return holds ? Optional.empty() : Optional.of(rule);
  }
}
