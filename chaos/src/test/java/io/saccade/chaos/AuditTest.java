package io.saccade.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.chaos.Workload.Asked;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests of the audits themselves, because an audit that finds nothing lets every run pass. */
class AuditTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Asked first = asked("first", "red");
  private final Asked second = asked("second", "blue");

  @Test
  void oneRightAnswerEachIsSound() {
    AnswerAudit audit = new AnswerAudit(List.of(first, second));
    audit.answer(answer("first", "red"));
    audit.answer(answer("second", "blue"));

    assertThat(audit.problems()).isEmpty();
    assertThat(audit.answers()).isEqualTo(2);
  }

  @Test
  void lostDoubledWrongAndUnaskedAnswersAreNamed() {
    AnswerAudit audit = new AnswerAudit(List.of(first, second, asked("third", "green")));
    audit.answer(answer("first", "red"));
    audit.answer(answer("first", "red"));
    audit.answer(answer("second", "red"));
    audit.answer(answer("never", "red"));

    assertThat(audit.problems())
        .containsExactlyInAnyOrder(
            "first has 2 answers",
            "second about v was answered red, right is blue",
            "third has no answer",
            "never was answered and never asked");
  }

  @Test
  void aFailedAnswerIsNamedWithItsReason() {
    AnswerAudit audit = new AnswerAudit(List.of(first));
    audit.answer(Answer.newBuilder().setQuestionId("first").setStatus(AnswerStatus.FAILED).build());

    assertThat(audit.problems()).singleElement().asString().startsWith("first is FAILED");
  }

  @Test
  void aClipDecodedAgainNeedsAFailureInBetween() {
    ClipAudit without = new ClipAudit(List.of());
    decodedTwice(without);
    ClipAudit ofAWorker = new ClipAudit(List.of(failure(Part.WORKER, 10)));
    decodedTwice(ofAWorker);
    ClipAudit ofASampler = new ClipAudit(List.of(failure(Part.SAMPLER, 10)));
    decodedTwice(ofASampler);
    ClipAudit longBefore = new ClipAudit(List.of(failure(Part.SAMPLER, -60)));
    decodedTwice(longBefore);

    assertThat(without.problems()).singleElement().asString().contains("decoded 2 times");
    assertThat(ofAWorker.problems()).isNotEmpty();
    assertThat(ofASampler.problems()).isEmpty();
    assertThat(longBefore.problems()).hasSize(1);
    assertThat(ofASampler.decodings()).isEqualTo(2);
  }

  @Test
  void aFailureExplainsOneMoreDecodingOfAClipAndFourInAll() {
    ClipAudit often = new ClipAudit(List.of(failure(Part.SAMPLER, 10)));
    decodedTwice(often);
    often.frame(frame("c", 3), at(21));
    ClipAudit many = new ClipAudit(List.of(failure(Part.SAMPLER, 10)));
    for (int clip = 0; clip <= ClipAudit.PER_FAILURE; clip++) {
      many.frame(frame("clip " + clip, 0), at(5));
      many.frame(frame("clip " + clip, 0), at(15));
    }

    assertThat(often.problems())
        .singleElement()
        .asString()
        .contains("decoded 3 times", "1 more than");
    assertThat(many.problems()).singleElement().asString().contains("clip 4 was decoded 2 times");
  }

  @Test
  void aClipThatWasAskedForTwiceMayBeDecodedTwice() {
    ClipAudit audit = new ClipAudit(List.of());
    decodedTwice(audit);
    audit.request(SamplingRequest.newBuilder().setClipId("c").setAttempt(2).build());

    assertThat(audit.problems()).isEmpty();
    assertThat(audit.resampled()).isEqualTo(1);
  }

  @Test
  void theGapIsTheLongestTimeWithoutAnAnswerWhileSomethingIsOpen() {
    RunRecord record = new RunRecord();
    record.asked("a", at(0));
    record.answered("a", at(1));
    record.asked("b", at(20)); // nothing was open for 19 s
    record.asked("c", at(21));
    record.answered("c", at(23));
    record.answered("b", at(30));

    assertThat(record.longestGap()).contains(new RunRecord.Silence(at(23), at(30)));
    assertThat(record.open()).isZero();
  }

  @Test
  void recoveryIsTheLongestSilenceOfAPartitionThatBeganAfterAFailure() {
    RunRecord record = new RunRecord();
    answered(record, "before", 0, 0, 9);
    answered(record, "hit", 0, 8, 18); // silent from 9 to 18
    answered(record, "beside", 1, 8, 11);
    answered(record, "beside too", 1, 11, 12);
    answered(record, "long after", 1, 40, 60);

    Failure broker = failure(Part.BROKER, 10);
    Failure worker = failure(Part.WORKER, 30);
    Failure router = failure(Part.ROUTER, 90);
    List.of(router, worker, broker).forEach(record::failed);

    assertThat(record.recoveries())
        .containsExactly(
            Map.entry(broker, Duration.ofSeconds(9)),
            Map.entry(worker, Duration.ofSeconds(20)),
            Map.entry(router, Duration.ZERO));
  }

  private static void answered(
      RunRecord record, String id, int partition, int asked, int answered) {
    record.asked(id, at(asked));
    record.published(id, partition);
    record.answered(id, at(answered));
  }

  private static void decodedTwice(ClipAudit audit) {
    audit.request(SamplingRequest.newBuilder().setClipId("c").setAttempt(1).build());
    for (int begin : List.of(0, 20)) {
      audit.frame(frame("c", 3), at(begin));
      audit.frame(frame("c", 7), at(begin + 1));
    }
  }

  private static FrameTensor frame(String clip, int index) {
    return FrameTensor.newBuilder().setClipId(clip).setFrameIndex(index).build();
  }

  private static Failure failure(Part part, int second) {
    return new Failure(FailureKind.KILL, part, "node", at(second), at(second + 1));
  }

  private static Instant at(int second) {
    return NOON.plusSeconds(second);
  }

  private static Asked asked(String id, String right) {
    return new Asked(Question.newBuilder().setQuestionId(id).setVideoId("v").build(), right);
  }

  private static Answer answer(String id, String text) {
    return Answer.newBuilder()
        .setQuestionId(id)
        .setVideoId("v")
        .setStatus(AnswerStatus.OK)
        .setText(text)
        .build();
  }
}
