package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The label's values, held against the contract's enums. */
class LabelTest {

  @Test
  void hasTheContractsConstantsAsValues() {
    assertThat(Label.STATUS.expected()).isEqualTo(named(AnswerStatus.values()));
    assertThat(Label.CODE.expected()).isEqualTo(named(FailureCode.values()));
    assertThat(Label.STATE.expected()).isEqualTo(named(FeedState.values()));
  }

  @Test
  void acceptsAbsentAndNewerConstants() {
    assertThat(Label.CODE.accepts(Label.value(FailureCode.FAILURE_CODE_UNSPECIFIED))).isTrue();
    assertThat(Label.CODE.accepts(Label.value(FailureCode.UNRECOGNIZED))).isTrue();
    assertThat(Label.CODE.accepts("ok")).isFalse();
    assertThat(Label.STAGE.accepts(Label.value(FailureCode.UNRECOGNIZED))).isFalse();
    assertThat(Label.REASON.accepts(Label.value(FailureCode.UNRECOGNIZED))).isFalse();
    assertThat(Label.CODE.accepts(null)).isFalse();
    assertThat(Label.NONE.accepts(null)).isTrue();
  }

  /** All constants but those of an absent field and of a newer version. */
  private static List<String> named(Enum<?>[] constants) {
    return Stream.of(constants)
        .map(Label::value)
        .filter(value -> !value.endsWith("_unspecified") && !value.equals("unrecognized"))
        .toList();
  }
}
