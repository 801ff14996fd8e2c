package io.saccade.router;

import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.util.Optional;

/**
 * The steps of an open question: settled once its video and its model are known, parked until its
 * clip is sampled, sent to the workers, closed with its answer. Each step stores the question and
 * sends what follows from it.
 */
final class QuestionFlow {

  /** Inference requests of a question: a second one when the frames of the first had expired. */
  private static final int MAX_ATTEMPTS = 2;

  private final RouterState state;
  private final Outbox out;
  private final RouterLog log;
  private final RouterTraces traces;

  QuestionFlow(RouterState state, Outbox out, RouterLog log, RouterTraces traces) {
    this.state = state;
    this.out = out;
    this.log = log;
    this.traces = traces;
  }

  /** Goes on with a question if its video and model are known by now, else leaves it as it is. */
  boolean settle(OpenQuestion waiting) {
    Question question = waiting.getQuestion();
    VideoReference video = state.videos().get(question.getVideoId());
    Optional<ModelCard> model = state.models().resolve(question.getModel());
    if (video == null || model.isEmpty()) {
      return false;
    }
    Optional<Failure> refused = QuestionRules.refuse(question, video, model.get());
    if (refused.isPresent()) {
      fail(waiting, refused.get());
    } else {
      awaitClip(settled(waiting, video, model.get()));
    }
    return true;
  }

  /** Goes on with a question whose grace is over. */
  void settleOrFail(OpenQuestion waiting) {
    if (settle(waiting)) {
      return;
    }
    String videoId = waiting.getQuestion().getVideoId();
    fail(
        waiting,
        state.videos().get(videoId) == null
            ? Failures.of(
                FailureCode.VIDEO_UNKNOWN,
                "no video \"" + videoId + "\" is registered: ingest it first, then ask again")
            : state.models().unknown(waiting.getQuestion().getModel()));
  }

  /** Goes on with a question whose clip was sampled, or could not be. */
  void unpark(OpenQuestion parked, ClipManifest manifest) {
    if (manifest.hasFailure()) {
      fail(parked, Failures.bounded(manifest.getFailure(), FailureCode.SAMPLING_FAILED));
    } else {
      request(parked.toBuilder().setSampling(manifest.getTimings()).build(), manifest);
    }
  }

  /** Closes a question with its result, or has its clip sampled again if the frames had expired. */
  void finish(OpenQuestion question, Result result, long resultAt) {
    boolean expired = result.getFailure().getCode() == FailureCode.FRAMES_EXPIRED;
    if (expired && !isOutstanding(question, result)) {
      log.late(result.getQuestionId());
    } else if (expired && question.getAttempt() < MAX_ATTEMPTS) {
      sampleAgain(question);
    } else {
      close(question, Answers.of(question, result, resultAt, out.now()));
    }
  }

  /** Why the question fails now, or nothing while its deadline has not passed. */
  Optional<Failure> overdue(OpenQuestion question) {
    return out.now() < question.getDeadline()
        ? Optional.empty()
        : Optional.of(
            Failures.of(
                FailureCode.DEADLINE_EXCEEDED,
                "the deadline passed while the question waited for " + awaited(question)));
  }

  /** Closes a question, which may never have been stored, with a failure. */
  void fail(OpenQuestion question, Failure failure) {
    close(question, Answers.failed(question, failure, out.now()));
  }

  private String awaited(OpenQuestion question) {
    return switch (question.getState()) {
      case WAITING_CLIP -> "its clip: is a sampler running?";
      case REQUESTED -> "a worker: is one running, and fast enough?";
      default ->
          state.videos().get(question.getQuestion().getVideoId()) == null
              ? "its video to be registered"
              : "its model to be announced or the router to take it up";
    };
  }

  private static OpenQuestion settled(OpenQuestion waiting, VideoReference video, ModelCard model) {
    SamplingRequest clip = SamplingRequests.of(waiting.getQuestion(), video, model.getProfile());
    Question.Builder question =
        waiting.getQuestion().toBuilder().setModel(model.getName()).clearRange();
    if (clip.hasRange()) {
      question.setRange(clip.getRange());
    }
    return waiting.toBuilder()
        .setQuestion(question)
        .setState(QuestionState.WAITING_CLIP)
        .setWakeAt(waiting.getDeadline())
        .setClip(clip)
        .build();
  }

  /** Sends a settled question to the workers, or parks it until its clip is sampled. */
  private void awaitClip(OpenQuestion question) {
    SamplingRequest clip = question.getClip();
    Optional<ClipManifest> manifest = state.clips().manifest(clip.getClipId(), out.now());
    if (manifest.isPresent()) {
      request(question, manifest.get());
      return;
    }
    state.questions().put(question);
    state
        .clips()
        .begin(clip.getClipId(), out.now())
        .ifPresent(
            attempt ->
                sample(clip.toBuilder().setAttempt(attempt).build(), question.getTraceparent()));
  }

  private void sample(SamplingRequest request, String traceparent) {
    out.sample(request, traceparent);
    log.requested(request);
  }

  private void request(OpenQuestion question, ClipManifest manifest) {
    state
        .questions()
        .put(
            question.toBuilder()
                .setState(QuestionState.REQUESTED)
                .setRequestedAt(out.now())
                .setFramesOffset(manifest.getFrames(0).getOffset())
                .setSpan(Answers.span(manifest))
                .build());
    InferenceRequest request =
        InferenceRequest.newBuilder()
            .setQuestion(question.getQuestion())
            .setClip(manifest)
            .setAttempt(question.getAttempt())
            .build();
    out.infer(request, question.getTraceparent());
    log.requested(request);
  }

  private static boolean isOutstanding(OpenQuestion question, Result result) {
    return question.getState() == QuestionState.REQUESTED
        && question.getAttempt() == result.getAttempt();
  }

  private void sampleAgain(OpenQuestion question) {
    state.clips().lost(question.getClip().getClipId(), question.getFramesOffset());
    awaitClip(
        question.toBuilder()
            .setState(QuestionState.WAITING_CLIP)
            .setAttempt(question.getAttempt() + 1)
            .build());
  }

  private void close(OpenQuestion question, Answer answer) {
    long now = out.now();
    state.questions().close(question, now);
    out.answer(answer, traces.answered(question, answer));
    log.closed(answer, now - question.getAskedAt());
  }
}
