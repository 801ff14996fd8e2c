package io.saccade.router.flow;

import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.flow.FeedQueue.Lane;
import io.saccade.router.rules.QuestionRules;
import io.saccade.router.rules.StandingRules;
import io.saccade.router.rules.TimeRules;
import io.saccade.router.rules.WindowOrder;
import io.saccade.router.state.RouterState;
import io.saccade.router.state.StandingQuestions.Standing;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import io.saccade.telemetry.SkipReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The questions that standing questions ask about the windows of live feeds: each is answered
 * within its freshness or skipped.
 *
 * <p>How it works: every window becomes one question for each standing question about its feed.
 * {@link WorkerAdmission} predicts from the measured answer times how long one more request would
 * wait at the workers, and admits it only if its answer is expected in time. Questions that are not
 * admitted stay in a {@link FeedQueue}, where a newer window of the same feed and standing question
 * replaces an older one; whenever a result arrives or the clock ticks, the queue's next question is
 * tried again. A request in the log can be neither replaced nor overtaken, so this is the last
 * place where an outdated window can be dropped. Under overload a queue that serves the oldest
 * first would answer all windows just too late; this one answers fewer windows, fresh ones, and
 * each feed gets an equal share.
 *
 * <p>See decision 58 in {@code docs/decisions.md}.
 */
final class StandingFlow {

  /** Requests may wait at the workers for this part of the shortest freshness: a quarter. */
  private static final int FRESHNESS_DIVISOR = 4;

  private final RouterState state;
  private final RouterOutputs out;
  private final RouterLog log;
  private final Requests requests;
  private final int maxWaiting;
  private final WorkerAdmission admission;
  private final FeedQueue<OpenQuestion> queue = new FeedQueue<>();
  private long seenVersion = -1;

  /** Restores the queue and the number of outstanding requests from the stored questions. */
  StandingFlow(
      RouterState state, RouterOutputs out, RouterLog log, Requests requests, RouterConfig config) {
    this.state = state;
    this.out = out;
    this.log = log;
    this.requests = requests;
    this.maxWaiting = config.limits().maxOpenQuestions();
    this.admission = new WorkerAdmission(config.requests().maxStandingRequests());
    state.questions().standing().forEach(this::resume);
  }

  private void resume(OpenQuestion open) {
    if (open.getState() == QuestionState.QUEUED) {
      queue.offer(lane(open), open);
    } else {
      admission.sent(out.now());
    }
  }

  /**
   * Asks all standing questions about a feed's newest window.
   *
   * @param cameAt the timestamp of the manifest's record
   */
  void onWindow(ClipManifest window, VideoReference video, long cameAt) {
    List<OpenQuestion> offered = new ArrayList<>();
    Map<String, Optional<ModelCard>> models = new HashMap<>();
    for (Standing standing : state.standing().matching(video)) {
      models
          .computeIfAbsent(standing.question().getModel(), state.models()::resolve)
          .filter(model -> model.getProfile().equals(window.getProfile()))
          .flatMap(model -> open(opened(standing, model, window, cameAt), video, model))
          .ifPresent(offered::add);
    }
    dispatch();
    // The questions that were sent or skipped have been stored or closed by that.
    offered.stream()
        .filter(question -> queue.isWaiting(lane(question)))
        .forEach(state.questions()::put);
  }

  /** Closes a question with a result that arrived within its freshness. */
  void finish(OpenQuestion question, Result result, long resultAt) {
    switch (result.getFailure().getCode()) {
      case FRAMES_EXPIRED -> skip(question, SkipReason.EXPIRED);
      case DEADLINE_EXCEEDED -> skip(question, SkipReason.STALE);
      default -> {
        admission.completed(out.now());
        Answer answer = Answers.of(question, result, resultAt, out.now());
        requests.close(question, answer);
        state
            .standing()
            .find(question.getStandingId())
            .flatMap(standing -> state.alerts().answered(standing, answer, out.now()))
            .ifPresent(
                alert -> {
                  out.alert(alert, question.getTraceparent());
                  log.raised(alert);
                });
      }
    }
    dispatch();
  }

  /** Skips a question whose freshness has passed, queued or sent. */
  void expire(OpenQuestion question) {
    if (question.getState() == QuestionState.QUEUED) {
      queue.remove(lane(question));
    }
    skip(question, SkipReason.STALE);
  }

  /** Number of questions in the queue. */
  int queued() {
    return queue.size();
  }

  /**
   * Drops the queued questions of cancelled standing questions and sends the ones that are admitted
   * now.
   */
  void tick() {
    if (seenVersion != state.standing().version()) {
      seenVersion = state.standing().version();
      cancel(lane -> state.standing().find(lane.standingId()).isEmpty());
    }
    dispatch();
  }

  /**
   * Drops the queued questions, windows and alert episodes of a feed that was withdrawn or is a
   * different one now.
   */
  void forget(String videoId) {
    cancel(lane -> lane.videoId().equals(videoId));
    state.windows().forget(videoId);
    state.alerts().forget(videoId);
  }

  private void cancel(Predicate<Lane> which) {
    queue.lanes().stream()
        .filter(which)
        .flatMap(lane -> queue.remove(lane).stream())
        .forEach(question -> skip(question, SkipReason.CANCELLED));
  }

  private OpenQuestion opened(
      Standing standing, ModelCard model, ClipManifest window, long cameAt) {
    String id = standing.question().getQuestionId();
    long deadline = WindowOrder.end(window.getWindow()) + standing.freshnessMillis();
    Question.Builder question =
        StandingRules.question(standing.question(), window.getVideoId()).toBuilder()
            .setQuestionId(QuestionRules.windowId(id, window.getClipId()))
            .setModel(model.getName())
            .setDeadline(TimeRules.timestamp(deadline));
    return OpenQuestion.newBuilder()
        .setQuestion(question)
        .setState(QuestionState.QUEUED)
        .setAskedAt(cameAt)
        .setOpenedAt(out.now())
        .setDeadline(deadline)
        .setWakeAt(deadline)
        .setClip(
            SamplingRequest.newBuilder()
                .setClipId(window.getClipId())
                .setVideoId(window.getVideoId())
                .setProfile(window.getProfile()))
        .setAttempt(1)
        .setStandingId(id)
        .setWindow(window.getWindow())
        .setReportSkipped(standing.question().getReportSkipped())
        .build();
  }

  /**
   * Opens a question and puts it in the queue in place of the one before; empty if it was closed at
   * once.
   */
  private Optional<OpenQuestion> open(
      OpenQuestion question, VideoReference video, ModelCard model) {
    log.opened(question);
    Lane lane = lane(question);
    Optional<Failure> refused = QuestionRules.refuse(question.getQuestion(), video, model);
    if (refused.isPresent()) {
      requests.close(question, Answers.failed(question, refused.get(), out.now()));
    } else if (out.now() >= question.getDeadline()) {
      skip(question, SkipReason.STALE);
    } else if (queue.size() >= maxWaiting && !queue.isWaiting(lane)) {
      skip(question, SkipReason.CROWDED);
    } else {
      queue.offer(lane, question).ifPresent(older -> skip(older, SkipReason.REPLACED));
      return Optional.of(question);
    }
    return Optional.empty();
  }

  /** Sends all questions that are admitted, in the order of the queue. */
  private void dispatch() {
    Optional<OpenQuestion> next = next();
    while (next.isPresent()) {
      send(next.get());
      next = next();
    }
  }

  /**
   * The next question whose answer is expected in time. Windows that ended at most their own length
   * ago come first: older ones are the last windows of feeds that have stopped.
   */
  private Optional<OpenQuestion> next() {
    long now = out.now();
    long longestWait = longestWait(now);
    if (queue.size() == 0 || !admission.admits(longestWait, now)) {
      return Optional.empty(); // no question may wait longer, so none can be admitted
    }
    Predicate<OpenQuestion> fits =
        question -> admission.admits(Math.min(question.getDeadline() - now, longestWait), now);
    return queue
        .poll(fits.and(question -> WindowOrder.isWithinLengths(question.getWindow(), 1, now)))
        .or(() -> queue.poll(fits));
  }

  /**
   * How long any request may wait at the workers, in milliseconds: a quarter of the shortest
   * freshness that can be met at the measured answer times. So a question with this freshness finds
   * the workers' queue short, and new windows are answered soon after the load drops.
   */
  private long longestWait(long now) {
    long least = Math.round(FRESHNESS_DIVISOR * admission.interval(now));
    return state.standing().shortestFreshness(least).orElse(Long.MAX_VALUE) / FRESHNESS_DIVISOR;
  }

  /**
   * Sends a question with its window if that is the newest of its feed in this profile. If it is
   * not, the standing question did not ask about the newer one, because it names a model of another
   * profile now; the question is skipped.
   */
  private void send(OpenQuestion question) {
    SamplingRequest clip = question.getClip();
    state
        .windows()
        .newest(clip.getVideoId(), clip.getProfile())
        .filter(window -> window.getClipId().equals(clip.getClipId()))
        .ifPresentOrElse(
            window -> {
              requests.send(question, window);
              admission.sent(out.now());
            },
            () -> skip(question, SkipReason.REPLACED));
  }

  /**
   * Closes a question that is not in the queue without an answer, or with one of status SKIPPED if
   * the standing question asks for that.
   */
  private void skip(OpenQuestion question, SkipReason reason) {
    if (question.getState() == QuestionState.REQUESTED) {
      admission.lost();
    }
    state.questions().close(question, out.now());
    log.skipped(question, reason);
    if (question.getReportSkipped()) {
      out.answer(Answers.skipped(question, out.now()), question.getTraceparent());
    }
  }

  private static Lane lane(OpenQuestion question) {
    return new Lane(question.getQuestion().getVideoId(), question.getStandingId());
  }
}
