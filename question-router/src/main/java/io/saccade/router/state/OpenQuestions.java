package io.saccade.router.state;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.router.RouterLimits;
import io.saccade.router.v1.OpenQuestion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * The open questions of a partition by id, by what they wait for and by due time, and the ids of
 * questions closed within the retention. Returned lists are copies, so that their questions may be
 * changed or closed while iterating. Public for the package {@code flow} only.
 *
 * <p>See decision 62 in {@code docs/decisions.md}.
 */
public final class OpenQuestions {

  static final String QUESTIONS = "open-questions";
  static final String CLOSED = "closed-questions";

  private static final byte[] PRESENT = {1};

  private final KeyValueStore<String, OpenQuestion> questions;
  private final WindowStore<String, byte[]> closed;
  private final Duration closedRetention;

  /** Has no store of its own: its changelog would double what a transaction writes. */
  private final QuestionIndex index = new QuestionIndex();

  /** Rebuilds the index from the stored questions. */
  OpenQuestions(ProcessingContext context, RouterLimits limits) {
    this.questions = context.getStateStore(QUESTIONS);
    this.closed = context.getStateStore(CLOSED);
    this.closedRetention = limits.closedRetention();
    try (KeyValueIterator<String, OpenQuestion> open = questions.all()) {
      open.forEachRemaining(entry -> index.add(entry.key, entry.value));
    }
  }

  /** The stores of this class. */
  static Set<StoreBuilder<?>> stores(RouterLimits limits) {
    return Set.of(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(QUESTIONS),
            Serdes.String(),
            ProtoSerdes.trusted(OpenQuestion.parser())),
        Stores.windowStoreBuilder(
            Stores.persistentWindowStore(
                CLOSED, limits.closedRetention(), Duration.ofMillis(1), false),
            Serdes.String(),
            Serdes.ByteArray()));
  }

  /**
   * Whether this question is open or was closed within the retention before {@code now}, or after
   * it by a router whose clock is ahead.
   */
  public boolean isKnown(Question question, long now) {
    String key = key(question.getVideoId(), question.getQuestionId());
    Instant from = Instant.ofEpochMilli(now).minus(closedRetention);
    Instant to = Instant.ofEpochMilli(now).plus(closedRetention);
    try (WindowStoreIterator<byte[]> found = closed.fetch(key, from, to)) {
      return found.hasNext() || questions.get(key) != null;
    }
  }

  /** Number of open questions, both on-demand and about windows of standing questions. */
  public int size() {
    return index.size();
  }

  /** Number of open on-demand questions. */
  public int asked() {
    return index.asked();
  }

  /** Number of questions that wait for their video, their model, their clip or a window. */
  public int parked() {
    return index.parked();
  }

  /** Number of questions about a video whose inference request is unanswered. */
  public int requested(String videoId) {
    return index.requested(videoId);
  }

  /** The open question with this id about this video. */
  public Optional<OpenQuestion> find(String videoId, String questionId) {
    return Optional.ofNullable(questions.get(key(videoId, questionId)));
  }

  /** Stores a new question or the next state of an open one. */
  public void put(OpenQuestion question) {
    String key = key(question);
    Optional.ofNullable(questions.get(key)).ifPresent(before -> index.remove(key, before));
    questions.put(key, question);
    index.add(key, question);
  }

  /**
   * Closes a question, which may never have been stored. The id of an on-demand question is kept
   * for the retention, to drop repeats; the id of a window's question is not, because no window is
   * accepted twice.
   */
  public void close(OpenQuestion question, long now) {
    String key = key(question);
    OpenQuestion open = questions.get(key);
    if (open != null) {
      index.remove(key, open);
      questions.delete(key);
    }
    if (!StandingQuestions.isWindowQuestion(question)) {
      closed.put(key, PRESENT, now);
    }
  }

  /** Questions that standing questions ask about windows. */
  public List<OpenQuestion> standing() {
    return get(index.standing());
  }

  /** Questions whose due time is at most {@code now}, the earliest first. */
  public List<OpenQuestion> due(long now) {
    return get(index.due(now));
  }

  /** Questions about a video that wait for the record of the video or of their model. */
  public List<OpenQuestion> unsettled(String videoId) {
    return get(index.unsettled(Keys.video(videoId)));
  }

  /** All questions that wait for the record of their video or model. */
  public List<OpenQuestion> unsettled() {
    return get(index.unsettled());
  }

  /** Questions that wait for a clip. */
  public List<OpenQuestion> parkedOn(String clipId) {
    return get(index.parkedOn(clipId));
  }

  /** Questions that wait for the next window of a feed in this profile. */
  public List<OpenQuestion> awaitingWindow(String videoId, SamplingProfile profile) {
    return get(index.awaitingWindow(Keys.feed(videoId, profile)));
  }

  /** Questions that wait for the next window of a feed in any profile. */
  public List<OpenQuestion> awaitingWindow(String videoId) {
    return get(index.awaitingWindow(Keys.video(videoId)));
  }

  /** All questions that wait for the next window of a feed. */
  public List<OpenQuestion> awaitingWindow() {
    return get(index.awaitingWindow(""));
  }

  private List<OpenQuestion> get(List<String> keys) {
    return keys.stream().map(questions::get).toList();
  }

  private static String key(OpenQuestion open) {
    return key(open.getQuestion().getVideoId(), open.getQuestion().getQuestionId());
  }

  private static String key(String videoId, String questionId) {
    return Keys.video(videoId) + questionId;
  }
}
