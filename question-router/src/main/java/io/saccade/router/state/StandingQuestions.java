package io.saccade.router.state;

import com.google.protobuf.util.Durations;
import com.google.re2j.Pattern;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.rules.StandingRules;
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
 * The standing questions, all of them on every router: once in a process, told by the thread that
 * reads their topic and asked for by those of the partitions.
 */
public final class StandingQuestions {

  public static final String STANDING = "standing-questions-table";

  private static final long DEFAULT_FRESHNESS_MILLIS = 60_000;

  /** By id; guarded by this. */
  private final Map<String, Standing> latest = new HashMap<>();

  /** Grows with each change of the latest; written under this. */
  private volatile long version;

  /** What was the latest when somebody last looked. */
  private volatile Snapshot snapshot = Snapshot.of(0, Map.of());

  /**
   * A standing question that can be asked.
   *
   * @param alert what an answer is searched for, if anything
   */
  public record Standing(StandingQuestion question, Optional<Pattern> alert) {

    private static Standing of(StandingQuestion question) {
      return new Standing(
          question,
          question.hasAlert()
              ? Optional.of(StandingRules.pattern(question.getAlert()))
              : Optional.empty());
    }

    /** Its id. */
    String id() {
      return question.getQuestionId();
    }

    /** How long after a window's end its answer is of use; milliseconds. */
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
   * The questions at one moment; never changed.
   *
   * @param byVideo those that name their video, by its id
   * @param selecting those that choose videos by labels
   * @param freshness each that one of them has
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

  public static StoreBuilder<KeyValueStore<String, StandingQuestion>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(STANDING),
            Serdes.String(),
            ProtoSerdes.trusted(StandingQuestion.parser()))
        .withLoggingDisabled();
  }

  /** Replaces what is asked under an id; null: nothing is any more. */
  public void put(String id, StandingQuestion question) {
    Standing standing = question == null ? null : Standing.of(question);
    synchronized (this) {
      if (standing == null) {
        latest.remove(id);
      } else {
        latest.put(id, standing);
      }
      version++;
    }
  }

  /** The standing questions that are asked of a video's windows, by id. */
  public List<Standing> about(VideoReference video) {
    Snapshot now = snapshot();
    return Stream.concat(
            now.byVideo().getOrDefault(video.getVideoId(), List.of()).stream(),
            now.selecting().stream().filter(standing -> standing.selects(video)))
        .sorted(Comparator.comparing(Standing::id))
        .toList();
  }

  /** The standing question of this id, unless it was cancelled. */
  public Optional<Standing> find(String id) {
    return Optional.ofNullable(snapshot().all().get(id));
  }

  /** How many there are. */
  public int size() {
    return snapshot().all().size();
  }

  /** The shortest freshness of all that is at least {@code least}; milliseconds. */
  public OptionalLong shortestFreshness(long least) {
    Long shortest = snapshot().freshness().ceiling(least);
    return shortest == null ? OptionalLong.empty() : OptionalLong.of(shortest);
  }

  /** Grows whenever the questions change. */
  public long version() {
    return version;
  }

  /** Made when somebody looks, once for all partitions: many changes may come in between. */
  private Snapshot snapshot() {
    Snapshot seen = snapshot;
    return seen.version() == version ? seen : latest();
  }

  private synchronized Snapshot latest() {
    if (snapshot.version() != version) {
      snapshot = Snapshot.of(version, new HashMap<>(latest));
    }
    return snapshot;
  }
}
