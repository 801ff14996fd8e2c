package io.saccade.router.flow;

import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterLimits;
import io.saccade.router.rules.Failures;
import io.saccade.router.rules.QuestionRules;
import io.saccade.router.rules.VideoRules;
import io.saccade.router.state.RouterState;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The states of an on-demand question. It is {@code UNSETTLED} until its video and its model are
 * known, then {@code WAITING_CLIP} until its clip is sampled, or {@code WAITING_WINDOW} until its
 * feed has a recent window, then {@code REQUESTED} until a worker's result closes it. A state is
 * skipped if what it waits for is there. Each step stores the question and sends the request or
 * answer that follows.
 *
 * <p>See decisions 7 and 25 in {@code docs/decisions.md}.
 */
final class QuestionFlow {

  /**
   * Largest number of inference requests of a question: the second follows if the frames of the
   * first had expired.
   */
  private static final int MAX_ATTEMPTS = 2;

  private final RouterState state;
  private final RouterOutputs out;
  private final RouterLog log;
  private final Requests requests;
  private final long unknownGraceMillis;

  QuestionFlow(
      RouterState state, RouterOutputs out, RouterLog log, Requests requests, RouterLimits limits) {
    this.unknownGraceMillis = limits.unknownGrace().toMillis();
    this.state = state;
    this.out = out;
    this.log = log;
    this.requests = requests;
  }

  /**
   * Moves an unsettled question on if its video and model are known; otherwise changes nothing.
   *
   * @return whether they are known; the question then has its next state or is closed
   */
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
    } else if (VideoRules.isLive(video)) {
      awaitWindow(settledLive(waiting, model.get()));
    } else {
      awaitClip(settled(waiting, video, model.get()));
    }
    return true;
  }

  /**
   * Settles a question that waits for a window once more, because its video or its model may have
   * changed. If one of them is gone, the question waits for it as long as a new question does.
   */
  void resettle(OpenQuestion waiting) {
    long graceOver = out.now() + unknownGraceMillis;
    OpenQuestion unsettled =
        waiting.toBuilder()
            .setState(QuestionState.UNSETTLED)
            .setWakeAt(Math.min(waiting.getDeadline(), graceOver))
            .clearClip()
            .build();
    if (!settle(unsettled)) {
      state.questions().put(unsettled);
    }
  }

  /**
   * Handles a question that is due before its deadline: its grace has passed or its clip may be
   * sampled again.
   */
  void wake(OpenQuestion question) {
    switch (question.getState()) {
      case UNSETTLED -> settleOrFail(question);
      case WAITING_CLIP -> awaitClip(question);
      default -> {}
    }
  }

  /** Settles a question whose grace has passed, or fails it. */
  private void settleOrFail(OpenQuestion waiting) {
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

  /** Sends the questions that wait for this clip to the workers. */
  void onClip(ClipManifest manifest) {
    for (OpenQuestion parked : state.questions().parkedOn(manifest.getClipId())) {
      requests.send(parked.toBuilder().setSampling(manifest.getTimings()).build(), manifest);
    }
  }

  /**
   * Handles the questions whose clip could not be sampled: they wait for the next attempt if there
   * is one before their deadline, else they fail.
   */
  void onClipFailed(ClipManifest manifest) {
    String clipId = manifest.getClipId();
    OptionalLong retryAt = state.clips().retryAt(clipId);
    boolean awaited = false;
    for (OpenQuestion parked : state.questions().parkedOn(clipId)) {
      if (retryAt.isPresent() && retryAt.getAsLong() < parked.getDeadline()) {
        state.questions().put(parked.toBuilder().setWakeAt(retryAt.getAsLong()).build());
        awaited = true;
      } else {
        fail(parked, Failures.bounded(manifest.getFailure(), FailureCode.SAMPLING_FAILED));
      }
    }
    if (awaited) {
      log.putOff(clipId, retryAt.getAsLong() - out.now());
    } else {
      state.clips().forget(clipId);
    }
  }

  /** Sends the questions that wait for a window of this feed to the workers. */
  void onWindow(ClipManifest window) {
    state
        .questions()
        .awaitingWindow(window.getVideoId(), window.getProfile())
        .forEach(waiting -> requests.send(waiting, window));
  }

  /**
   * Closes a question with its result, or has its clip sampled again once if the frames had
   * expired.
   */
  void finish(OpenQuestion question, Result result, long resultAt) {
    boolean expired = result.getFailure().getCode() == FailureCode.FRAMES_EXPIRED;
    if (expired && !isOutstanding(question, result)) {
      log.late(result.getQuestionId());
    } else if (expired && question.getAttempt() < MAX_ATTEMPTS && !question.hasWindow()) {
      sampleAgain(question);
    } else {
      requests.close(question, Answers.of(question, result, resultAt, out.now()));
    }
  }

  /** The failure of a question whose deadline has passed; empty before that. */
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
    requests.close(question, Answers.failed(question, failure, out.now()));
  }

  private String awaited(OpenQuestion question) {
    return switch (question.getState()) {
      case WAITING_CLIP -> "its clip: is a sampler running?";
      case REQUESTED -> "a worker: is one running, and fast enough?";
      case WAITING_WINDOW -> "a window of the feed: is it live, and a sampler running?";
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

  /**
   * Before its window arrives only the profile is known; windows are not requested from samplers.
   */
  private static OpenQuestion settledLive(OpenQuestion waiting, ModelCard model) {
    return waiting.toBuilder()
        .setQuestion(waiting.getQuestion().toBuilder().setModel(model.getName()))
        .setState(QuestionState.WAITING_WINDOW)
        .setWakeAt(waiting.getDeadline())
        .setClip(
            SamplingRequest.newBuilder()
                .setVideoId(waiting.getQuestion().getVideoId())
                .setProfile(model.getProfile()))
        .build();
  }

  /**
   * Sends a settled question to the workers if its feed has a recent window, else stores it until
   * one arrives.
   */
  private void awaitWindow(OpenQuestion question) {
    SamplingRequest clip = question.getClip();
    state
        .windows()
        .recent(clip.getVideoId(), clip.getProfile(), out.now())
        .ifPresentOrElse(
            window -> requests.send(question, window), () -> state.questions().put(question));
  }

  /** Sends a settled question to the workers if its clip is sampled, else stores it until it is. */
  private void awaitClip(OpenQuestion question) {
    SamplingRequest clip = question.getClip();
    Optional<ClipManifest> manifest = state.clips().manifest(clip.getClipId(), out.now());
    if (manifest.isPresent()) {
      requests.send(question, manifest.get());
      return;
    }
    OptionalInt attempt = state.clips().begin(clip.getClipId(), out.now());
    long deadline = question.getDeadline();
    long retryAt = state.clips().retryAt(clip.getClipId()).orElse(deadline);
    state.questions().put(question.toBuilder().setWakeAt(Math.min(deadline, retryAt)).build());
    attempt.ifPresent(
        number -> sample(clip.toBuilder().setAttempt(number).build(), question.getTraceparent()));
  }

  private void sample(SamplingRequest request, String traceparent) {
    out.sample(request, traceparent);
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
}
