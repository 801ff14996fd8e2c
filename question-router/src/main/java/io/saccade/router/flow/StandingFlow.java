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
 * The windows of live feeds as standing questions are asked of them: each is answered in time or
 * skipped. It goes to the workers only while its answer can be expected before its freshness has
 * passed; the others wait here, where a newer window of the same feed replaces them.
 */
final class StandingFlow {

  private static final int HASTE_SHARE = 4;

  private final RouterState state;
  private final RouterOutputs out;
  private final RouterLog log;
  private final Requests requests;
  private final int maxWaiting;
  private final WorkerAdmission pacer;
  private final FeedQueue<OpenQuestion> queue = new FeedQueue<>();
  private long seenVersion = -1;

  /** Takes up the windows that wait or are at the workers. */
  StandingFlow(
      RouterState state, RouterOutputs out, RouterLog log, Requests requests, RouterConfig config) {
    this.state = state;
    this.out = out;
    this.log = log;
    this.requests = requests;
    this.maxWaiting = config.limits().maxOpenQuestions();
    this.pacer = new WorkerAdmission(config.requests().maxStandingRequests());
    state.questions().standing().forEach(this::resume);
  }

  private void resume(OpenQuestion open) {
    if (open.getState() == QuestionState.QUEUED) {
      queue.offer(lane(open), open);
    } else {
      pacer.sent(out.now());
    }
  }

  /**
   * Asks the standing questions of a feed's newest window.
   *
   * @param cameAt the timestamp of the manifest's record
   */
  void windowCame(ClipManifest window, VideoReference video, long cameAt) {
    List<OpenQuestion> offered = new ArrayList<>();
    Map<String, Optional<ModelCard>> models = new HashMap<>();
    for (Standing standing : state.standing().about(video)) {
      models
          .computeIfAbsent(standing.question().getModel(), state.models()::resolve)
          .filter(model -> model.getProfile().equals(window.getProfile()))
          .flatMap(model -> open(opened(standing, model, window, cameAt), video, model))
          .ifPresent(offered::add);
    }
    dispatch();
    // Only those that have to wait: the others were stored on their way.
    offered.stream()
        .filter(question -> queue.isWaiting(lane(question)))
        .forEach(state.questions()::put);
  }

  /** Closes a question with its result, in time. */
  void finish(OpenQuestion question, Result result, long resultAt) {
    switch (result.getFailure().getCode()) {
      case FRAMES_EXPIRED -> skip(question, SkipReason.EXPIRED);
      case DEADLINE_EXCEEDED -> skip(question, SkipReason.STALE);
      default -> {
        pacer.completed(out.now());
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

  /** Skips a question whose freshness has passed, wherever it is. */
  void stale(OpenQuestion question) {
    if (question.getState() == QuestionState.QUEUED) {
      queue.remove(lane(question));
    }
    skip(question, SkipReason.STALE);
  }

  /** How many windows wait until workers have room. */
  int waiting() {
    return queue.size();
  }

  /** Looks again at what waits, some time later. */
  void tick() {
    if (seenVersion != state.standing().version()) {
      seenVersion = state.standing().version();
      cancel(lane -> state.standing().find(lane.standingId()).isEmpty());
    }
    dispatch();
  }

  /** Drops what is known of a feed, which was withdrawn or is another one now. */
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
        StandingRules.about(standing.question(), window.getVideoId()).toBuilder()
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

  /** Lets a new question wait instead of the one that does; nothing if it was closed at once. */
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

  /** Sends what may go to the workers, the feed first that was not served for the longest time. */
  private void dispatch() {
    Optional<OpenQuestion> next = next();
    while (next.isPresent()) {
      send(next.get());
      next = next();
    }
  }

  /**
   * The next question whose answer can be expected in time. Those about what a feed shows now come
   * before those about a feed that shows nothing any more.
   */
  private Optional<OpenQuestion> next() {
    long now = out.now();
    long longestWait = longestWait(now);
    if (queue.size() == 0 || !pacer.admits(longestWait, now)) {
      return Optional.empty(); // no window has more patience: spare us a look at each
    }
    Predicate<OpenQuestion> fits =
        waiting -> pacer.admits(Math.min(waiting.getDeadline() - now, longestWait), now);
    return queue
        .poll(fits.and(waiting -> WindowOrder.isWithinLengths(waiting.getWindow(), 1, now)))
        .or(() -> queue.poll(fits));
  }

  /**
   * How long any window may have to wait at the workers: a share of the shortest freshness that can
   * be met at all, so that one in haste finds room, and the newest windows soon after the load
   * drops.
   */
  private long longestWait(long now) {
    long least = Math.round(HASTE_SHARE * pacer.interval(now));
    return state.standing().shortestFreshness(least).orElse(Long.MAX_VALUE) / HASTE_SHARE;
  }

  /**
   * The window that waits is its feed's newest, unless its standing question names another model
   * now.
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
              pacer.sent(out.now());
            },
            () -> skip(question, SkipReason.REPLACED));
  }

  /** Closes a question that is not in the queue without an answer, or with one that says so. */
  private void skip(OpenQuestion question, SkipReason reason) {
    if (question.getState() == QuestionState.REQUESTED) {
      pacer.lost();
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
