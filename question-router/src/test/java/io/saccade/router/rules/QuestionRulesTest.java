package io.saccade.router.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.util.Durations;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.Turn;
import io.saccade.router.RouterLimits;
import io.saccade.router.streams.Samples;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuestionRulesTest {

  private final QuestionRules rules = new QuestionRules(RouterLimits.DEFAULT);

  private static Question with(Consumer<Question.Builder> change) {
    Question.Builder question = Samples.question("v", "q").toBuilder();
    change.accept(question);
    return question.build();
  }

  private static Question optioned(Consumer<GenerationOptions.Builder> change) {
    return with(question -> change.accept(question.getOptionsBuilder()));
  }

  private void assertFine(Question question) {
    assertThat(rules.refuse("v", question)).isEmpty();
  }

  private void assertRefused(Question question, FailureCode code, String named) {
    Failure failure = rules.refuse("v", question).orElseThrow();
    assertThat(failure.getCode()).isEqualTo(code);
    assertThat(failure.getMessage()).contains(named);
  }

  @Test
  void plainQuestionIsFine() {
    assertFine(Samples.question("v", "q"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t\u2003"})
  void blankTextIsEmpty(String text) {
    assertRefused(with(q -> q.setText(text)), FailureCode.QUESTION_EMPTY, "no text");
  }

  @Test
  void lengthCountsCharactersOfAllTurns() {
    assertFine(with(q -> q.setText("\uD83D\uDC41".repeat(8_192))));
    Turn turn = Turn.newBuilder().setQuestion("x".repeat(100)).setAnswer("y".repeat(92)).build();
    assertFine(with(q -> q.setText("z".repeat(8_000)).addEarlierTurns(turn)));
    assertRefused(
        with(q -> q.setText("z".repeat(8_001)).addEarlierTurns(turn)),
        FailureCode.QUESTION_TOO_LONG,
        "8193 characters, 192 of them in earlier turns: the limit is 8192");
  }

  @Test
  void atMost64EarlierTurns() {
    Turn turn = Turn.getDefaultInstance();
    Question most = with(q -> IntStream.range(0, 64).forEach(i -> q.addEarlierTurns(turn)));
    assertFine(most);
    assertRefused(
        most.toBuilder().addEarlierTurns(turn).build(),
        FailureCode.QUESTION_TOO_LONG,
        "65 earlier turns");
  }

  @Test
  void unknownFieldsCountToo() {
    Field padding =
        Field.newBuilder().addLengthDelimited(ByteString.copyFrom(new byte[300_000])).build();
    UnknownFieldSet unknown = UnknownFieldSet.newBuilder().addField(999, padding).build();
    assertRefused(with(q -> q.setUnknownFields(unknown)), FailureCode.QUESTION_TOO_LONG, "bytes");
  }

  @Test
  void modelNameIsBounded() {
    assertFine(with(q -> q.setModel("m".repeat(200))));
    assertRefused(with(q -> q.setModel("m".repeat(201))), FailureCode.QUESTION_INVALID, "model");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4_097, Integer.MIN_VALUE})
  void framesAreBounded(int frames) {
    assertRefused(with(q -> q.setFrames(frames)), FailureCode.QUESTION_INVALID, "frames=");
  }

  @Test
  void mostFramesAreFine() {
    assertFine(with(q -> q.setFrames(4_096)));
  }

  @Test
  void rangesMustBeAscendingPositions() {
    Duration hostile = Duration.newBuilder().setSeconds(Long.MAX_VALUE).build();
    assertFine(with(q -> q.setRange(TimeRange.getDefaultInstance())));
    assertFine(with(q -> q.setRange(range(Durations.ZERO, Durations.fromNanos(1)))));
    for (TimeRange range :
        new TimeRange[] {
          range(Durations.fromSeconds(2), Durations.fromSeconds(2)),
          range(Durations.fromSeconds(-1), Durations.fromSeconds(2)),
          range(hostile, hostile),
          range(Durations.ZERO, hostile),
          TimeRange.newBuilder().setTo(Durations.ZERO).build(),
        }) {
      assertRefused(with(q -> q.setRange(range)), FailureCode.QUESTION_INVALID, "range.");
    }
  }

  private static TimeRange range(Duration from, Duration to) {
    return TimeRange.newBuilder().setFrom(from).setTo(to).build();
  }

  @Test
  void optionsAtTheirBoundsAreFine() {
    assertFine(optioned(o -> o.setMaxNewTokens(1).setTemperature(0).setTopP(1).setTopK(1)));
    assertFine(optioned(o -> o.setTemperature(10).setRepetitionPenalty(10).setSeed(-1)));
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 10.1f, Float.NaN, Float.POSITIVE_INFINITY})
  void temperatureIsBounded(float value) {
    assertRefused(
        optioned(o -> o.setTemperature(value)), FailureCode.QUESTION_INVALID, "temperature");
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 1.01f, Float.NaN, Float.NEGATIVE_INFINITY})
  void topPIsBounded(float value) {
    assertRefused(optioned(o -> o.setTopP(value)), FailureCode.QUESTION_INVALID, "top_p");
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 10.5f, Float.NaN})
  void repetitionPenaltyIsBounded(float value) {
    assertRefused(
        optioned(o -> o.setRepetitionPenalty(value)), FailureCode.QUESTION_INVALID, "penalty");
  }

  @Test
  void countsAreAtLeastOne() {
    assertRefused(optioned(o -> o.setTopK(0)), FailureCode.QUESTION_INVALID, "top_k");
    assertRefused(
        optioned(o -> o.setMaxNewTokens(0)), FailureCode.QUESTION_INVALID, "max_new_tokens");
  }

  @Test
  void decodeModeMustBeKnown() {
    assertRefused(
        optioned(o -> o.setDecodeModeValue(9)), FailureCode.QUESTION_INVALID, "decode_mode=9");
  }

  @Test
  void stopStringsAreFewAndShort() {
    String longest = "\uD83D\uDC41".repeat(64); // 64 characters, 128 UTF-16 code units
    assertFine(optioned(o -> IntStream.range(0, 8).forEach(i -> o.addStop(longest))));
    assertRefused(
        optioned(o -> IntStream.range(0, 9).forEach(i -> o.addStop("x"))),
        FailureCode.QUESTION_INVALID,
        "options.stop has 9 strings");
    for (String stop : new String[] {"", longest + "x"}) {
      assertRefused(
          optioned(o -> o.addStop("fine").addStop(stop)),
          FailureCode.QUESTION_INVALID,
          "options.stop: each string must have 1 to 64 characters");
    }
  }

  @Test
  void tokensAreComparedUnsigned() {
    Question most = optioned(o -> o.setMaxNewTokens(-1));
    assertThat(QuestionRules.refuse(most, Samples.video("v"), Samples.model("m"))).isPresent();
    Question some = optioned(o -> o.setMaxNewTokens(256));
    assertThat(QuestionRules.refuse(some, Samples.video("v"), Samples.model("m"))).isEmpty();
  }
}
