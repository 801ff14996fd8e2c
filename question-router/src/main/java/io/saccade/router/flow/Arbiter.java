package io.saccade.router.flow;

import com.google.protobuf.MessageLite;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.Limits;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.Result.OutcomeCase;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterLimits;
import io.saccade.router.rules.Failures;
import io.saccade.router.rules.ManifestRules;
import io.saccade.router.rules.QuestionRules;
import io.saccade.router.rules.VideoRules;
import io.saccade.router.state.RouterState;
import io.saccade.router.state.StandingQuestions;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Decides what each record and each tick of the clock change for the questions of one partition.
 * Public for the package {@code streams} only.
 *
 * <p>Every record and tick of a partition comes through here; a question is opened, closed or
 * dropped only on its behalf. An on-demand question goes through {@link QuestionFlow}, a standing
 * question's window through {@link StandingFlow}. All durable state is in the stores; indices and
 * queues are rebuilt from them when an arbiter is created. The contents of a record never make it
 * throw: invalid records go to the dead letters.
 *
 * <p>Not thread-safe: one stream thread uses it.
 */
public final class Arbiter {

  private final RouterLimits limits;
  private final QuestionRules rules;
  private final RouterState state;
  private final RouterOutputs out;
  private final RouterLog log;
  private final RouterTraces traces;
  private final QuestionFlow flow;
  private final StandingFlow standing;

  /**
   * Restores the indices and queues of the open questions from the stores.
   *
   * @param questions the standing questions, which all partitions share
   */
  public Arbiter(
      ProcessorContext<String, MessageLite> context,
      RouterConfig config,
      Telemetry telemetry,
      StandingQuestions questions) {
    this.limits = config.limits();
    this.rules = new QuestionRules(limits);
    this.state = RouterState.of(context, config, questions);
    this.out = new RouterOutputs(context);
    this.log = new RouterLog(telemetry.metrics(MetricScope.ROUTER));
    this.traces = new RouterTraces(telemetry.tracing());
    Requests requests = new Requests(state, out, log, traces, config.requests());
    this.flow = new QuestionFlow(state, out, log, requests, limits);
    this.standing = new StandingFlow(state, out, log, requests, config);
  }

  /** Handles a registered or changed video. */
  public void onVideo(Record<String, VideoReference> record) {
    VideoReference video = record.value();
    Optional<String> problem = VideoRules.problem(record.key(), video);
    if (problem.isPresent()) {
      reject(record, video.toByteArray(), problem.get());
      return;
    }
    VideoReference before = state.videos().get(video.getVideoId());
    state.videos().put(video.getVideoId(), video);
    if (before != null && isDifferentFeed(before, video)) {
      forgetWindows(video.getVideoId());
    }
    state.questions().unsettled(video.getVideoId()).forEach(flow::settle);
  }

  /** Handles the tombstone of a video. */
  public void onVideoWithdrawn(Record<String, ?> record) {
    if (record.key() != null) {
      state.videos().delete(record.key());
      forgetWindows(record.key());
    }
  }

  /** Drops the windows of a video that was withdrawn or is a different one now. */
  private void forgetWindows(String videoId) {
    standing.forget(videoId);
    state.questions().awaitingWindow(videoId).forEach(flow::resettle);
  }

  /** Handles an on-demand question. */
  public void onQuestion(Record<String, Question> record) {
    Question question = record.value();
    Optional<String> unanswerable = QuestionRules.unanswerable(question);
    if (unanswerable.isPresent()) {
      reject(record, question.toByteArray(), unanswerable.get());
    } else if (state.questions().isKnown(question, out.now())) {
      log.repeated(question);
    } else {
      String traceparent = traces.opened(question, record.headers(), record.timestamp());
      open(record.key(), opened(question, record.timestamp(), traceparent));
    }
  }

  /** Handles the manifest of a clip or window, or the failure of its sampling. */
  public void onManifest(Record<String, ClipManifest> record) {
    ClipManifest manifest = record.value();
    Optional<String> unusable = ManifestRules.unusable(record.key(), manifest);
    if (unusable.isPresent()) {
      reject(record, manifest.toByteArray(), unusable.get());
      return;
    }
    Optional<String> problem =
        manifest.hasFailure() ? Optional.empty() : ManifestRules.problem(manifest, out.now());
    problem.ifPresent(reason -> reject(record, manifest.toByteArray(), reason));
    if (!manifest.hasWindow()) {
      accept(problem.map(reason -> inconsistent(manifest, reason)).orElse(manifest));
    } else if (problem.isEmpty()) {
      acceptWindow(manifest, record.timestamp());
    }
  }

  /** Handles a worker's result of an inference request. */
  public void onResult(Record<String, Result> record) {
    Result result = record.value();
    Optional<OpenQuestion> open =
        state
            .questions()
            .find(result.getVideoId(), result.getQuestionId())
            .filter(Arbiter::mayHaveResult);
    Optional<String> problem = problem(record.key(), result, open);
    Optional<Failure> overdue = open.flatMap(flow::overdue);
    if (problem.isPresent()) {
      reject(record, result.toByteArray(), problem.get());
    } else if (open.isEmpty()) {
      log.late(result.getQuestionId());
    } else if (overdue.isPresent()) {
      expire(open.get(), overdue.get());
    } else if (StandingQuestions.isWindowQuestion(open.get())) {
      standing.finish(open.get(), result, record.timestamp());
    } else {
      flow.finish(open.get(), result, record.timestamp());
    }
  }

  /** Whether the question was sent to the workers; its clip may be waiting to be sampled again. */
  private static boolean mayHaveResult(OpenQuestion question) {
    return question.getState() == QuestionState.REQUESTED
        || question.getState() == QuestionState.WAITING_CLIP;
  }

  /** Handles the questions that are due, so that deadlines hold without any further record. */
  public void tick(long now) {
    if (state.models().haveChanged()) {
      state.questions().unsettled().forEach(flow::settle);
      state.questions().awaitingWindow().forEach(flow::resettle);
    }
    for (OpenQuestion due : state.questions().due(now)) {
      flow.overdue(due).ifPresentOrElse(failure -> expire(due, failure), () -> flow.wake(due));
    }
    standing.tick();
  }

  private void expire(OpenQuestion question, Failure overdue) {
    if (StandingQuestions.isWindowQuestion(question)) {
      standing.expire(question);
    } else {
      flow.fail(question, overdue);
    }
  }

  /** The numbers of questions in this partition. */
  public QuestionGauges.Population population() {
    return new QuestionGauges.Population(
        state.questions().size(),
        state.questions().parked(),
        standing.queued(),
        state.standing().size());
  }

  /** Whether questions are open, so that {@link #tick} has to be called. */
  public boolean hasOpenQuestions() {
    return state.questions().size() > 0;
  }

  /** Deletes stored entries that are too old to be used. */
  public void sweep(long now) {
    state.clips().sweep(now);
    state.windows().sweep(now);
    state.alerts().sweep(state.standing(), now);
  }

  /**
   * Sends a record that cannot be used to the dead letters.
   *
   * @param value the bytes of its value
   */
  public void reject(Record<String, ?> record, byte[] value, String reason) {
    log.refused(out.deadLetter(record, value, reason));
  }

  /** Sends a tombstone of a topic that allows none to the dead letters. */
  public void rejectTombstone(Record<String, ?> record) {
    reject(record, new byte[0], "a record of this topic must have a value");
  }

  private OpenQuestion opened(Question question, long askedAt, String traceparent) {
    long now = out.now();
    long latest = now + limits.longestTimeout().toMillis();
    // An invalid deadline is refused by QuestionRules before the question is stored.
    long deadline =
        question.hasDeadline() && Timestamps.isValid(question.getDeadline())
            ? Math.min(latest, Timestamps.toMillis(question.getDeadline()))
            : now + limits.defaultTimeout().toMillis();
    return OpenQuestion.newBuilder()
        .setQuestion(question)
        .setState(QuestionState.UNSETTLED)
        .setAskedAt(askedAt)
        .setOpenedAt(now)
        .setDeadline(deadline)
        .setWakeAt(Math.min(deadline, now + limits.unknownGrace().toMillis()))
        .setAttempt(1)
        .setTraceparent(traceparent)
        .build();
  }

  private void open(String key, OpenQuestion question) {
    Optional<Failure> refused =
        rules
            .refuse(key, question.getQuestion())
            .or(() -> flow.overdue(question))
            .or(this::overloaded);
    if (refused.isPresent()) {
      flow.fail(question, refused.get());
      return;
    }
    log.opened(question);
    if (!flow.settle(question)) {
      state.questions().put(question);
    }
  }

  private Optional<Failure> overloaded() {
    int most = limits.maxOpenQuestions();
    String message =
        most + " questions are open in this partition: ask again later, with a new question_id";
    return state.questions().asked() < most
        ? Optional.empty()
        : Optional.of(Failures.of(FailureCode.OVERLOADED, message));
  }

  private void accept(ClipManifest manifest) {
    if (!state.clips().accept(manifest, out.now())) {
      log.dropped(manifest.getClipId());
      return;
    }
    if (manifest.hasFailure()) {
      flow.onClipFailed(manifest);
    } else {
      flow.onClip(manifest);
    }
  }

  private void acceptWindow(ClipManifest window, long cameAt) {
    VideoReference video = state.videos().get(window.getVideoId());
    if (window.hasFailure()
        || video == null
        || !VideoRules.isLive(video)
        || !state.windows().accept(window, out.now())) {
      log.dropped(window.getClipId());
      return;
    }
    log.window(window);
    flow.onWindow(window);
    standing.onWindow(window, video, cameAt);
  }

  /** Whether windows of the video before do not show the video that has its id now. */
  private static boolean isDifferentFeed(VideoReference before, VideoReference now) {
    return !before.getUri().equals(now.getUri())
        || before.getKind() != now.getKind()
        || !before.getLive().equals(now.getLive());
  }

  private static ClipManifest inconsistent(ClipManifest manifest, String problem) {
    String message = "the sampler's manifest is inconsistent: " + problem;
    return ClipManifest.newBuilder()
        .setClipId(manifest.getClipId())
        .setVideoId(manifest.getVideoId())
        .setAttempt(manifest.getAttempt())
        .setFailure(Failures.of(FailureCode.SAMPLING_FAILED, message))
        .build();
  }

  private static Optional<String> problem(String key, Result result, Optional<OpenQuestion> open) {
    if (!result.getVideoId().equals(key)) {
      return Optional.of("the record's key must equal video_id");
    }
    if (!Limits.isId(result.getQuestionId())) {
      return Optional.of("question_id must have 1 to " + Limits.ID_CHARS + " characters");
    }
    if (result.getOutcomeCase() == OutcomeCase.OUTCOME_NOT_SET) {
      return Optional.of("a result must have a text or a failure");
    }
    return open.isEmpty() || result.getClipId().equals(open.get().getClip().getClipId())
        ? Optional.empty()
        : Optional.of("clip_id is not the clip of this question");
  }
}
