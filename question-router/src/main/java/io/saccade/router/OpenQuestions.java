package io.saccade.router;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Question;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
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
final class OpenQuestions {

  private static final String QUESTIONS = "open-questions";

  /** An entry for each open question. */
  static final String WAKES = "open-question-wakes";

  /** An entry for each open question that waits for its video, its model or its clip. */
  static final String WAITING = "waiting-questions";

  private static final String CLOSED = "closed-questions";

  private static final byte[] PRESENT = {1};
  private static final int WAKE_DIGITS = 16;
  private static final StringSerializer PREFIX = new StringSerializer();

  private final KeyValueStore<String, OpenQuestion> questions;
  private final KeyValueStore<String, byte[]> wakes;
  private final KeyValueStore<String, byte[]> waiting;
  private final WindowStore<String, byte[]> closed;
  private final Duration closedRetention;

  OpenQuestions(ProcessingContext context, RouterLimits limits) {
    this.questions = context.getStateStore(QUESTIONS);
    this.wakes = context.getStateStore(WAKES);
    this.waiting = context.getStateStore(WAITING);
    this.closed = context.getStateStore(CLOSED);
    this.closedRetention = limits.closedRetention();
  }

  /**
   * The stores behind this class. The two indices hold a short key for each open question: they
   * stay in memory and have no changelog, which would double what a transaction writes, but are
   * made anew by {@link #reindex}.
   */
  static Set<StoreBuilder<?>> stores(RouterLimits limits) {
    return Set.of(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(QUESTIONS),
            Serdes.String(),
            ProtoSerdes.trusted(OpenQuestion.parser())),
        index(WAKES),
        index(WAITING),
        Stores.windowStoreBuilder(
            Stores.persistentWindowStore(
                CLOSED, limits.closedRetention(), Duration.ofMillis(1), false),
            Serdes.String(),
            Serdes.ByteArray()));
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> index(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withLoggingDisabled();
  }

  /** Makes the indices from the questions, before the first of them is used. */
  void reindex() {
    clear(wakes);
    clear(waiting);
    try (KeyValueIterator<String, OpenQuestion> open = questions.all()) {
      open.forEachRemaining(entry -> index(entry.key, entry.value));
    }
  }

  private static void clear(KeyValueStore<String, byte[]> index) {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries = index.all()) {
      entries.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.forEach(index::delete);
  }

  /** Whether this question is open or was closed within the retention. */
  boolean isKnown(Question question, long now) {
    String key = key(question.getVideoId(), question.getQuestionId());
    Instant to = Instant.ofEpochMilli(now);
    try (WindowStoreIterator<byte[]> found = closed.fetch(key, to.minus(closedRetention), to)) {
      return found.hasNext() || questions.get(key) != null;
    }
  }

  /** How many questions are open. */
  long size() {
    // Exact for a store in memory, and each open question has one wake.
    return wakes.approximateNumEntries();
  }

  Optional<OpenQuestion> find(String videoId, String questionId) {
    return Optional.ofNullable(questions.get(key(videoId, questionId)));
  }

  /** Opens a question or replaces what is known of it. */
  void put(OpenQuestion question) {
    String key = key(question);
    Optional.ofNullable(questions.get(key)).ifPresent(this::unindex);
    questions.put(key, question);
    index(key, question);
  }

  /** Closes a question, which may never have been opened, and remembers its id. */
  void close(OpenQuestion question, long now) {
    String key = key(question);
    OpenQuestion open = questions.get(key);
    if (open != null) {
      unindex(open);
      questions.delete(key);
    }
    closed.put(key, PRESENT, now);
  }

  /** Questions to look at again by now, the longest due first. */
  List<OpenQuestion> due(long now) {
    // No wake of a later millisecond is as short as this bound.
    return collect(wakes.range("", wakeKey(now + 1, "")), wake -> wake.substring(WAKE_DIGITS));
  }

  /** Questions about a video that wait for its record or their model's. */
  List<OpenQuestion> unsettled(String videoId) {
    return waiting("u" + videoPart(videoId), 1);
  }

  /** All questions that wait for their video's or model's record. */
  List<OpenQuestion> unsettled() {
    return waiting("u", 1);
  }

  /** Questions that wait for a clip. */
  List<OpenQuestion> parkedOn(String clipId) {
    String prefix = "c" + clipId;
    return waiting(prefix, prefix.length());
  }

  private List<OpenQuestion> waiting(String prefix, int kindChars) {
    return collect(waiting.prefixScan(prefix, PREFIX), wait -> wait.substring(kindChars));
  }

  private List<OpenQuestion> collect(
      KeyValueIterator<String, byte[]> entries, UnaryOperator<String> questionKey) {
    List<OpenQuestion> found = new ArrayList<>();
    try (entries) {
      entries.forEachRemaining(entry -> found.add(questions.get(questionKey.apply(entry.key))));
    }
    return found;
  }

  private void index(String key, OpenQuestion question) {
    wakes.put(wakeKey(question.getWakeAt(), key), PRESENT);
    waitKey(question).ifPresent(wait -> waiting.put(wait, PRESENT));
  }

  private void unindex(OpenQuestion question) {
    wakes.delete(wakeKey(question.getWakeAt(), key(question)));
    waitKey(question).ifPresent(waiting::delete);
  }

  private static Optional<String> waitKey(OpenQuestion question) {
    QuestionState state = question.getState();
    if (state == QuestionState.UNSETTLED) {
      return Optional.of("u" + key(question));
    }
    return state == QuestionState.WAITING_CLIP
        ? Optional.of("c" + question.getClip().getClipId() + key(question))
        : Optional.empty();
  }

  /** Sorts by time: 16 hexadecimal digits. */
  private static String wakeKey(long millis, String questionKey) {
    return HexFormat.of().toHexDigits(millis) + questionKey;
  }

  private static String key(OpenQuestion open) {
    return key(open.getQuestion().getVideoId(), open.getQuestion().getQuestionId());
  }

  private static String key(String videoId, String questionId) {
    return videoPart(videoId) + questionId;
  }

  /** Starts the keys of a video's questions and of no other's: ids may hold any character. */
  private static String videoPart(String videoId) {
    return videoId.length() + ":" + videoId;
  }
}
