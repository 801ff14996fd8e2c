package io.saccade.router;

import com.google.protobuf.MessageLite;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.Result.OutcomeCase;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a question's life, over the stores of one partition. A question is opened when it
 * comes, settled once its video and its model are known, parked until its clip is sampled, sent to
 * the workers, and closed with exactly one answer. All state is in the stores, so that each
 * processor of a partition may have an arbiter of its own.
 */
final class Arbiter {

  private static final Logger log = LoggerFactory.getLogger(Arbiter.class);

  private static final String VIDEOS = "known-videos";

  /** Inference requests of a question: a second one when the frames of the first had expired. */
  private static final int MAX_ATTEMPTS = 2;

  private final RouterLimits limits;
  private final QuestionRules rules;
  private final RouterCounters counters;
  private final Outbox out;
  private final KeyValueStore<String, VideoReference> videos;
  private final Models models;
  private final OpenQuestions questions;
  private final Clips clips;

  Arbiter(
      ProcessorContext<String, MessageLite> context, RouterLimits limits, RouterCounters counters) {
    this.limits = limits;
    this.rules = new QuestionRules(limits);
    this.counters = counters;
    this.out = new Outbox(context);
    this.videos = context.getStateStore(VIDEOS);
    this.models = new Models(context);
    this.questions = new OpenQuestions(context, limits);
    this.clips = new Clips(context, limits);
  }

  /** The stores that a processor with an arbiter needs, besides the global one of the models. */
  static Set<StoreBuilder<?>> stores(RouterLimits limits) {
    Set<StoreBuilder<?>> stores = new HashSet<>(OpenQuestions.stores(limits));
    stores.add(Clips.store());
    stores.add(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(VIDEOS),
            Serdes.String(),
            ProtoSerdes.trusted(VideoReference.parser())));
    return stores;
  }

  /** A video was registered or changed. */
  void video(Record<String, VideoReference> record) {
    VideoReference video = record.value();
    Optional<String> problem = VideoRules.problem(record.key(), video);
    if (problem.isPresent()) {
      reject(record, video.toByteArray(), problem.get());
      return;
    }
    videos.put(video.getVideoId(), video);
    questions.unsettled(video.getVideoId()).forEach(this::settle);
  }

  /** A video was withdrawn. */
  void videoForgotten(Record<String, ?> record) {
    if (record.key() != null) {
      videos.delete(record.key());
    }
  }

  /** A question was asked. */
  void question(Record<String, Question> record) {
    Question question = record.value();
    Optional<String> unanswerable = QuestionRules.unanswerable(question);
    if (unanswerable.isPresent()) {
      reject(record, question.toByteArray(), unanswerable.get());
      return;
    }
    long now = out.now();
    if (questions.isKnown(question, now)) {
      drop(RouterEvent.REPEATED, question.getQuestionId(), "is open or was closed lately");
      return;
    }
    OpenQuestion opened = opened(question, record.timestamp(), now);
    Optional<Failure> refused =
        rules.refuse(record.key(), question).or(() -> overdue(opened, now)).or(this::crowded);
    if (refused.isPresent()) {
      fail(opened, refused.get());
      return;
    }
    counters.add(RouterEvent.OPENED);
    log.info(
        "question opened question_id={} video_id={}",
        Text.logged(question.getQuestionId()),
        Text.logged(question.getVideoId()));
    if (!settle(opened)) {
      questions.put(opened);
    }
  }

  /** A clip was sampled, or could not be. */
  void clip(Record<String, ClipManifest> record) {
    ClipManifest manifest = record.value();
    Optional<String> unusable = ManifestRules.unusable(record.key(), manifest);
    if (unusable.isPresent()) {
      reject(record, manifest.toByteArray(), unusable.get());
      return;
    }
    Optional<String> problem =
        manifest.hasFailure() ? Optional.empty() : ManifestRules.problem(manifest);
    if (problem.isPresent()) {
      reject(record, manifest.toByteArray(), problem.get());
      manifest = inconsistent(manifest, problem.get());
    }
    if (!clips.accept(manifest, out.now())) {
      drop(RouterEvent.MANIFEST_DROPPED, manifest.getClipId(), "says nothing new of its clip");
      return;
    }
    for (OpenQuestion parked : questions.parkedOn(manifest.getClipId())) {
      unpark(parked, manifest);
    }
  }

  /** A worker made something of a request. */
  void result(Record<String, Result> record) {
    Result result = record.value();
    Optional<OpenQuestion> open = questions.find(result.getVideoId(), result.getQuestionId());
    Optional<String> problem = problem(record.key(), result, open);
    if (problem.isPresent()) {
      reject(record, result.toByteArray(), problem.get());
    } else if (open.isEmpty() || open.get().getState() == QuestionState.UNSETTLED) {
      drop(RouterEvent.LATE_RESULT, result.getQuestionId(), "is not open or was asked again");
    } else {
      finish(open.get(), result, record.timestamp());
    }
  }

  /** Looks at the questions that are due: deadlines hold whatever else has stopped. */
  void tick(long now) {
    if (models.haveChanged()) {
      questions.unsettled().forEach(this::settle);
    }
    for (OpenQuestion due : questions.due(now)) {
      Optional<Failure> overdue = overdue(due, now);
      if (overdue.isPresent()) {
        fail(due, overdue.get());
      } else if (!settle(due)) {
        fail(due, unknown(due));
      }
    }
  }

  /** Forgets clips that are too old to be used. */
  void sweep(long now) {
    clips.sweep(now);
  }

  /** Sends a record that cannot be used to the operator. */
  void reject(Record<String, ?> record, byte[] value, String reason) {
    counters.add(RouterEvent.DEAD_LETTER);
    var letter = out.deadLetter(record, value, reason);
    log.warn(
        "record refused topic={} partition={} offset={} reason=\"{}\"",
        letter.getTopic(),
        letter.getPartition(),
        letter.getOffset(),
        reason);
  }

  /** Only a video can be withdrawn. */
  void rejectTombstone(Record<String, ?> record) {
    reject(record, null, "a record of this topic must have a value");
  }

  private OpenQuestion opened(Question question, long askedAt, long now) {
    long latest = now + limits.longestTimeout().toMillis();
    // An invalid one is refused a moment later.
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
        .build();
  }

  private Optional<Failure> crowded() {
    return questions.size() < limits.maxOpenQuestions()
        ? Optional.empty()
        : Optional.of(
            Failures.of(
                FailureCode.OVERLOADED,
                limits.maxOpenQuestions()
                    + " questions are open in this partition: ask again later, with a new"
                    + " question_id"));
  }

  private Optional<Failure> overdue(OpenQuestion question, long now) {
    return now < question.getDeadline()
        ? Optional.empty()
        : Optional.of(
            Failures.of(
                FailureCode.DEADLINE_EXCEEDED,
                "the deadline passed while the question waited for " + awaited(question)));
  }

  private String awaited(OpenQuestion question) {
    return switch (question.getState()) {
      case WAITING_CLIP -> "its clip: is a sampler running?";
      case REQUESTED -> "a worker: is one running, and is it fast enough?";
      default ->
          videos.get(question.getQuestion().getVideoId()) == null
              ? "its video to be registered"
              : "the router to take it up or for its model to be announced";
    };
  }

  private Failure unknown(OpenQuestion question) {
    String videoId = question.getQuestion().getVideoId();
    return videos.get(videoId) == null
        ? Failures.of(
            FailureCode.VIDEO_UNKNOWN,
            "no video \"" + videoId + "\" is registered: ingest it first, then ask again")
        : models.unknown(question.getQuestion().getModel());
  }

  /** Goes on with a question if its video and model are known by now, else leaves it as it is. */
  private boolean settle(OpenQuestion waiting) {
    Question question = waiting.getQuestion();
    VideoReference video = videos.get(question.getVideoId());
    Optional<ModelCard> model = models.resolve(question.getModel());
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

  private static OpenQuestion settled(OpenQuestion waiting, VideoReference video, ModelCard model) {
    SamplingRequest clip = SamplingRequests.of(waiting.getQuestion(), video, model.getProfile());
    OpenQuestion.Builder settled =
        waiting.toBuilder()
            .setState(QuestionState.WAITING_CLIP)
            .setWakeAt(waiting.getDeadline())
            .setClip(clip);
    settled.getQuestionBuilder().setModel(model.getName()).clearRange();
    if (clip.hasRange()) {
      settled.getQuestionBuilder().setRange(clip.getRange());
    }
    return settled.build();
  }

  /** Sends a settled question to the workers, or parks it until its clip is sampled. */
  private void awaitClip(OpenQuestion question) {
    String clipId = question.getClip().getClipId();
    Optional<ClipManifest> manifest = clips.manifest(clipId, out.now());
    if (manifest.isPresent()) {
      request(question, manifest.get());
      return;
    }
    questions.put(question);
    OptionalInt attempt = clips.begin(clipId, out.now());
    if (attempt.isPresent()) {
      counters.add(RouterEvent.SAMPLING_REQUESTED);
      log.info("clip requested clip_id={} attempt={}", clipId, attempt.getAsInt());
      out.sample(question.getClip().toBuilder().setAttempt(attempt.getAsInt()).build());
    }
  }

  private void unpark(OpenQuestion parked, ClipManifest manifest) {
    if (manifest.hasFailure()) {
      fail(parked, Failures.bounded(manifest.getFailure(), FailureCode.SAMPLING_FAILED));
    } else {
      request(parked.toBuilder().setSampling(manifest.getTimings()).build(), manifest);
    }
  }

  private void request(OpenQuestion question, ClipManifest manifest) {
    counters.add(RouterEvent.INFERENCE_REQUESTED);
    questions.put(
        question.toBuilder()
            .setState(QuestionState.REQUESTED)
            .setRequestedAt(out.now())
            .setFramesOffset(manifest.getFrames(0).getOffset())
            .setSpan(Answers.span(manifest))
            .build());
    out.infer(
        InferenceRequest.newBuilder()
            .setQuestion(question.getQuestion())
            .setClip(manifest)
            .setAttempt(question.getAttempt())
            .build());
  }

  private static ClipManifest inconsistent(ClipManifest manifest, String problem) {
    return ClipManifest.newBuilder()
        .setClipId(manifest.getClipId())
        .setVideoId(manifest.getVideoId())
        .setAttempt(manifest.getAttempt())
        .setFailure(
            Failures.of(
                FailureCode.SAMPLING_FAILED, "the sampler's manifest is inconsistent: " + problem))
        .build();
  }

  private static Optional<String> problem(String key, Result result, Optional<OpenQuestion> open) {
    if (!result.getVideoId().equals(key)) {
      return Optional.of("the record's key must equal video_id");
    }
    if (!QuestionRules.isId(result.getQuestionId())) {
      return Optional.of("question_id must have 1 to 200 characters");
    }
    if (result.getOutcomeCase() == OutcomeCase.OUTCOME_NOT_SET) {
      return Optional.of("a result must have a text or a failure");
    }
    String clipId = open.map(question -> question.getClip().getClipId()).orElse("");
    return clipId.isEmpty() || result.getClipId().equals(clipId)
        ? Optional.empty()
        : Optional.of("clip_id is not the clip of this question");
  }

  private void finish(OpenQuestion question, Result result, long resultAt) {
    long now = out.now();
    Optional<Failure> overdue = overdue(question, now);
    boolean expired = result.getFailure().getCode() == FailureCode.FRAMES_EXPIRED;
    if (overdue.isPresent()) {
      fail(question, overdue.get());
    } else if (expired && !isOutstanding(question, result)) {
      drop(RouterEvent.LATE_RESULT, result.getQuestionId(), "was asked again");
    } else if (expired && question.getAttempt() < MAX_ATTEMPTS) {
      sampleAgain(question);
    } else {
      close(question, Answers.of(question, result, resultAt, now), now);
    }
  }

  private static boolean isOutstanding(OpenQuestion question, Result result) {
    return question.getState() == QuestionState.REQUESTED
        && question.getAttempt() == result.getAttempt();
  }

  private void sampleAgain(OpenQuestion question) {
    clips.lost(question.getClip().getClipId(), question.getFramesOffset());
    awaitClip(
        question.toBuilder()
            .setState(QuestionState.WAITING_CLIP)
            .setAttempt(question.getAttempt() + 1)
            .build());
  }

  private void fail(OpenQuestion question, Failure failure) {
    long now = out.now();
    close(question, Answers.failed(question, failure, now), now);
  }

  private void close(OpenQuestion question, Answer answer, long now) {
    questions.close(question, now);
    out.answer(answer);
    boolean ok = answer.getStatus() == AnswerStatus.OK;
    counters.add(ok ? RouterEvent.ANSWERED : RouterEvent.FAILED);
    log.info(
        "question closed question_id={} video_id={} clip_id={} status={} code={} total_ms={}",
        Text.logged(answer.getQuestionId()),
        Text.logged(answer.getVideoId()),
        answer.getClipId(),
        answer.getStatus(),
        answer.getFailure().getCode(),
        now - question.getAskedAt());
  }

  private void drop(RouterEvent event, String id, String why) {
    counters.add(event);
    log.warn("record dropped event={} id={} why=\"{}\"", event, Text.logged(id), why);
  }
}
