package io.saccade.router.flow;

import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Priority;
import io.saccade.router.RequestLimits;
import io.saccade.router.state.RouterState;
import io.saccade.router.state.StandingQuestions;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;

/** The last steps of every question: sending it to the workers and closing it with an answer. */
final class Requests {

  private final RouterState state;
  private final RouterOutputs out;
  private final RouterLog log;
  private final RouterTraces traces;
  private final int hotVideoRequests;

  Requests(
      RouterState state,
      RouterOutputs out,
      RouterLog log,
      RouterTraces traces,
      RequestLimits limits) {
    this.state = state;
    this.out = out;
    this.log = log;
    this.traces = traces;
    this.hotVideoRequests = limits.hotVideoRequests();
  }

  /** Sends a question with the manifest of its clip or window to the workers. */
  void send(OpenQuestion question, ClipManifest manifest) {
    InferenceRequest.Builder request =
        InferenceRequest.newBuilder()
            .setQuestion(question.getQuestion())
            .setClip(manifest)
            .setAttempt(question.getAttempt())
            .setPriority(
                StandingQuestions.isWindowQuestion(question)
                    ? Priority.STANDING
                    : Priority.ON_DEMAND)
            .setSpread(state.questions().requested(manifest.getVideoId()) / hotVideoRequests);
    OpenQuestion requested = requested(question, manifest);
    state.questions().put(requested);
    out.infer(request.build(), requested.getTraceparent());
    log.requested(request.build());
  }

  private OpenQuestion requested(OpenQuestion question, ClipManifest manifest) {
    OpenQuestion.Builder requested =
        question.toBuilder()
            .setState(QuestionState.REQUESTED)
            .setRequestedAt(out.now())
            .setTraceparent(traces.requested(question))
            .setWakeAt(question.getDeadline())
            .setFramesOffset(manifest.getFrames(0).getOffset())
            .setSpan(Answers.span(manifest));
    if (manifest.hasWindow()) {
      requested.setWindow(manifest.getWindow());
      requested.getClipBuilder().setClipId(manifest.getClipId());
    }
    return requested.build();
  }

  /** Closes a question, which may never have been stored, with its answer. */
  void close(OpenQuestion question, Answer answer) {
    long now = out.now();
    state.questions().close(question, now);
    out.answer(answer, traces.answered(question, answer));
    log.closed(answer, now - question.getAskedAt());
  }
}
