package io.saccade.router.state;

import com.google.protobuf.util.Durations;
import com.google.re2j.Pattern;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.rules.StandingRules;
import io.saccade.router.v1.OpenQuestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The standing questions. Every router reads all of them; there is one instance in a process,
 * written by the thread that reads their topic and read by the stream threads. Thread-safe. Public
 * for the packages {@code flow} and {@code streams} only.
 *
 * <p>Readers use an immutable snapshot, which is made anew at the first read after a change.
 *
 * <p>See decision 57 in {@code docs/decisions.md}.
 */
public final class StandingQuestions {

  /** The name of the global store. */
  public static final String STANDING = "standing-questions-table";

  private static final long DEFAULT_FRESHNESS_MILLIS = 60_000;

  /** By id; guarded by this. */
  private final Map<String, Standing> current = new HashMap<>();

  /** Incremented with each change of {@code current}; written under the lock of this. */
  private volatile long version;

  /** The questions at the last read after a change. */
  private volatile Snapshot snapshot = Snapshot.of(0, Map.of());

  /**
   * A valid standing question with its compiled alert pattern.
   *
   * @param alert the pattern that answers are searched for; empty without an alert rule
   */
  public record Standing(StandingQuestion question, Optional<Pattern> alert) {

    private static Standing of(StandingQuestion question) {
      return new Standing(
          question,
          question.hasAlert()
              ? Optional.of(StandingRules.pattern(question.getAlert()))
              : Optional.empty());
    }

    /** The question's id. */
    String id() {
      return question.getQuestionId();
    }

    /** How long after a window's end its answer is useful, in milliseconds; 60 s by default. */
    public long freshnessMillis() {
      return question.hasFreshness()
          ? Durations.toMillis(question.getFreshness())
          : DEFAULT_FRESHNESS_MILLIS;
    }

    private boolean selects(VideoReference video) {
      return video
          .getLabelsMap()
          .entrySet()
          .containsAll(question.getSelector().getLabelsMap().entrySet());
    }
  }

  /**
   * The questions at one version; immutable.
   *
   * @param byVideo the questions that name a video, by its id
   * @param selecting the questions that select videos by labels
   * @param freshness the distinct freshness times, in milliseconds
   */
  private record Snapshot(
      long version,
      Map<String, Standing> all,
      Map<String, List<Standing>> byVideo,
      List<Standing> selecting,
      NavigableSet<Long> freshness) {

    private static Snapshot of(long version, Map<String, Standing> all) {
      Map<String, List<Standing>> byVideo = new HashMap<>();
      List<Standing> selecting = new ArrayList<>();
      NavigableSet<Long> freshness = new TreeSet<>();
      for (Standing standing : all.values()) {
        freshness.add(standing.freshnessMillis());
        if (standing.question().hasSelector()) {
          selecting.add(standing);
        } else {
          String videoId = standing.question().getVideoId();
          byVideo.computeIfAbsent(videoId, id -> new ArrayList<>()).add(standing);
        }
      }
      return new Snapshot(version, all, byVideo, selecting, freshness);
    }
  }

  /** The global store, rebuilt from its topic at each start. */
  public static StoreBuilder<KeyValueStore<String, StandingQuestion>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(STANDING),
            Serdes.String(),
            ProtoSerdes.trusted(StandingQuestion.parser()))
        .withLoggingDisabled();
  }

  /** Sets the question of an id. */
  public void put(String id, StandingQuestion question) {
    Standing standing = Standing.of(question);
    synchronized (this) {
      current.put(id, standing);
      version++;
    }
  }

  /** Removes the question of an id, if there is one. */
  public synchronized void remove(String id) {
    current.remove(id);
    version++;
  }

  /** Whether an open question is about a window and was asked by a standing question. */
  public static boolean isWindowQuestion(OpenQuestion question) {
    return !question.getStandingId().isEmpty();
  }

  /** The standing questions about a video's windows, sorted by id. */
  public List<Standing> matching(VideoReference video) {
    Snapshot now = snapshot();
    return Stream.concat(
            now.byVideo().getOrDefault(video.getVideoId(), List.of()).stream(),
            now.selecting().stream().filter(standing -> standing.selects(video)))
        .sorted(Comparator.comparing(Standing::id))
        .toList();
  }

  /** The standing question of this id; empty if it was cancelled. */
  public Optional<Standing> find(String id) {
    return Optional.ofNullable(snapshot().all().get(id));
  }

  /** Number of standing questions. */
  public int size() {
    return snapshot().all().size();
  }

  /** The shortest freshness of any question that is at least {@code least}, in milliseconds. */
  public OptionalLong shortestFreshness(long least) {
    Long shortest = snapshot().freshness().ceiling(least);
    return shortest == null ? OptionalLong.empty() : OptionalLong.of(shortest);
  }

  /** A number that is incremented with each change of the questions. */
  public long version() {
    return version;
  }

  /** The current questions. Many changes in a row cost one new snapshot. */
  private Snapshot snapshot() {
    Snapshot seen = snapshot;
    return seen.version() == version ? seen : refreshed();
  }

  private synchronized Snapshot refreshed() {
    if (snapshot.version() != version) {
      snapshot = Snapshot.of(version, new HashMap<>(current));
    }
    return snapshot;
  }
}
