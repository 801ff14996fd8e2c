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
 * The open questions of a partition, by id, by what they wait for and by when to look at them
 * again, and the ids of those closed lately. Lists are copies: what is done with their questions
 * does not disturb them.
 */
public final class OpenQuestions {

  static final String QUESTIONS = "open-questions";
  static final String CLOSED = "closed-questions";

  private static final byte[] PRESENT = {1};

  private final KeyValueStore<String, OpenQuestion> questions;
  private final WindowStore<String, byte[]> closed;
  private final Duration closedRetention;

  /** Only here: a changelog of its own would double what a transaction writes. */
  private final QuestionIndex index = new QuestionIndex();

  /** Takes up the questions that are open. */
  OpenQuestions(ProcessingContext context, RouterLimits limits) {
    this.questions = context.getStateStore(QUESTIONS);
    this.closed = context.getStateStore(CLOSED);
    this.closedRetention = limits.closedRetention();
    try (KeyValueIterator<String, OpenQuestion> open = questions.all()) {
      open.forEachRemaining(entry -> index.add(entry.key, entry.value));
    }
  }

  /** The stores behind this class. */
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
   * Whether this question is open or was closed within the retention; also later than now, by a
   * router whose clock is ahead of ours.
   */
  public boolean isKnown(Question question, long now) {
    String key = key(question.getVideoId(), question.getQuestionId());
    Instant from = Instant.ofEpochMilli(now).minus(closedRetention);
    Instant to = Instant.ofEpochMilli(now).plus(closedRetention);
    try (WindowStoreIterator<byte[]> found = closed.fetch(key, from, to)) {
      return found.hasNext() || questions.get(key) != null;
    }
  }

  /** How many questions are open, those about windows that wait or are asked about included. */
  public int size() {
    return index.size();
  }

  /** How many questions that somebody asked are open; windows of standing ones are not counted. */
  public int asked() {
    return index.asked();
  }

  /** How many questions wait for their video, their model, their clip or a window. */
  public int parked() {
    return index.parked();
  }

  /** How many questions about a video are at the workers. */
  public int requested(String videoId) {
    return index.requested(videoId);
  }

  public Optional<OpenQuestion> find(String videoId, String questionId) {
    return Optional.ofNullable(questions.get(key(videoId, questionId)));
  }

  /** Opens a question or replaces what is known of it. */
  public void put(OpenQuestion question) {
    String key = key(question);
    Optional.ofNullable(questions.get(key)).ifPresent(before -> index.remove(key, before));
    questions.put(key, question);
    index.add(key, question);
  }

  /**
   * Closes a question, which may never have been opened. The id of one that somebody asked is
   * remembered; a window's needs no memory, because no window comes twice.
   */
  public void close(OpenQuestion question, long now) {
    String key = key(question);
    OpenQuestion open = questions.get(key);
    if (open != null) {
      index.remove(key, open);
      questions.delete(key);
    }
    if (question.getStandingId().isEmpty()) {
      closed.put(key, PRESENT, now);
    }
  }

  /** Questions about windows of standing ones. */
  public List<OpenQuestion> standing() {
    return get(index.standing());
  }

  /** Questions to look at again by now, the longest due first. */
  public List<OpenQuestion> due(long now) {
    return get(index.due(now));
  }

  /** Questions about a video that wait for its record or their model's. */
  public List<OpenQuestion> unsettled(String videoId) {
    return get(index.unsettled(Keys.video(videoId)));
  }

  /** All questions that wait for their video's or model's record. */
  public List<OpenQuestion> unsettled() {
    return get(index.unsettled());
  }

  /** Questions that wait for a clip. */
  public List<OpenQuestion> parkedOn(String clipId) {
    return get(index.parkedOn(clipId));
  }

  /** Questions that wait for a feed's next window in this profile. */
  public List<OpenQuestion> awaitingWindow(String videoId, SamplingProfile profile) {
    return get(index.awaitingWindow(Keys.feed(videoId, profile)));
  }

  /** Questions that wait for a next window of a video, in any profile. */
  public List<OpenQuestion> awaitingWindow(String videoId) {
    return get(index.awaitingWindow(Keys.video(videoId)));
  }

  /** All questions that wait for a feed's next window. */
  public List<OpenQuestion> awaitingWindow() {
    return get(index.awaitingWindow(""));
  }

  private List<OpenQuestion> get(List<String> keys) {
    return keys.stream().map(questions::get).toList();
  }

  /** Whether the question was asked by a standing question, about one of its windows. */
  public static boolean isStanding(OpenQuestion question) {
    return !question.getStandingId().isEmpty();
  }

  private static String key(OpenQuestion open) {
    return key(open.getQuestion().getVideoId(), open.getQuestion().getQuestionId());
  }

  private static String key(String videoId, String questionId) {
    return Keys.video(videoId) + questionId;
  }
}
