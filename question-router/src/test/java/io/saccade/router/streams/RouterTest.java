package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.RouterLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base of tests with a router under a driver, and the first steps of a question. */
abstract class RouterTest {

  protected RouterHarness router;

  @BeforeEach
  final void open(@TempDir Path stateDir) {
    router = new RouterHarness(stateDir, RouterLimits.DEFAULT);
  }

  @AfterEach
  final void close() {
    router.close();
  }

  protected final void announce() {
    router.model(Samples.model("m"));
    router.video(Samples.video("v"));
  }

  protected final SamplingRequest asked(String questionId) {
    router.ask(Samples.question("v", questionId));
    return router.samplingRequest();
  }

  protected final InferenceRequest requested(String questionId) {
    router.sampled(Samples.manifest(asked(questionId), 100));
    return router.inferenceRequest();
  }

  protected final void assertFailed(FailureCode code) {
    Answer answer = router.answer();
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.FAILED);
    assertThat(answer.getFailure().getCode()).isEqualTo(code);
    assertThat(answer.getText()).isEmpty();
  }
}
