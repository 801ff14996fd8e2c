package io.saccade.router;

import com.google.protobuf.util.Durations;
import com.google.re2j.Pattern;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The standing questions, all of them on every router. */
final class StandingQuestions {

  static final String STANDING = "standing-questions-table";

  private static final long DEFAULT_FRESHNESS_MILLIS = 60_000;

  private final KeyValueStore<String, StandingQuestion> table;
  private final AtomicLong changes;
  private long seen = -1;
  private Map<String, Standing> all = Map.of();
  private TreeSet<Long> freshness = new TreeSet<>();

  /**
   * A standing question that can be asked.
   *
   * @param alert what an answer is searched for, if anything
   */
  record Standing(StandingQuestion question, Optional<Pattern> alert) {

    private static Standing of(StandingQuestion question) {
      return new Standing(
          question,
          question.hasAlert()
              ? Optional.of(StandingRules.pattern(question.getAlert()))
              : Optional.empty());
    }

    /** How long after a window's end its answer is of use; milliseconds. */
    long freshnessMillis() {
      return question.hasFreshness()
          ? Durations.toMillis(question.getFreshness())
          : DEFAULT_FRESHNESS_MILLIS;
    }

    private boolean isAbout(VideoReference video) {
      return question.hasSelector()
          ? video
              .getLabelsMap()
              .entrySet()
              .containsAll(question.getSelector().getLabelsMap().entrySet())
          : question.getVideoId().equals(video.getVideoId());
    }
  }

  /**
   * A view of the table.
   *
   * @param changes counts what was written to it, by another thread
   */
  StandingQuestions(ProcessingContext context, AtomicLong changes) {
    this.table = context.getStateStore(STANDING);
    this.changes = changes;
  }

  static StoreBuilder<KeyValueStore<String, StandingQuestion>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(STANDING),
            Serdes.String(),
            ProtoSerdes.trusted(StandingQuestion.parser()))
        .withLoggingDisabled();
  }

  /** What is asked of a video, without an id. */
  static Question about(StandingQuestion standing, String videoId) {
    Question.Builder question =
        Question.newBuilder()
            .setVideoId(videoId)
            .setText(standing.getText())
            .setModel(standing.getModel());
    if (standing.hasOptions()) {
      question.setOptions(standing.getOptions());
    }
    return question.build();
  }

  /** The standing questions that are asked of a video's windows, by id. */
  List<Standing> about(VideoReference video) {
    refresh();
    return all.values().stream().filter(standing -> standing.isAbout(video)).toList();
  }

  /** The standing question of this id, unless it was cancelled. */
  Optional<Standing> find(String id) {
    refresh();
    return Optional.ofNullable(all.get(id));
  }

  /** How many there are. */
  int size() {
    refresh();
    return all.size();
  }

  /** The shortest freshness of all that is at least {@code least}; milliseconds. */
  OptionalLong shortestFreshness(long least) {
    refresh();
    Long shortest = freshness.ceiling(least);
    return shortest == null ? OptionalLong.empty() : OptionalLong.of(shortest);
  }

  /** Grows whenever the table changes. */
  long version() {
    return changes.get();
  }

  private void refresh() {
    long now = changes.get();
    if (now == seen) {
      return;
    }
    Map<String, Standing> before = all;
    Map<String, Standing> read = new TreeMap<>();
    try (KeyValueIterator<String, StandingQuestion> entries = table.all()) {
      entries.forEachRemaining(
          entry -> {
            // The store belongs to another thread: a question may go while we look.
            if (entry.value != null) {
              Standing known = before.get(entry.key);
              read.put(
                  entry.key,
                  known != null && known.question().equals(entry.value)
                      ? known
                      : Standing.of(entry.value));
            }
          });
    }
    all = read;
    freshness = new TreeSet<>(read.values().stream().map(Standing::freshnessMillis).toList());
    seen = now;
  }
}
