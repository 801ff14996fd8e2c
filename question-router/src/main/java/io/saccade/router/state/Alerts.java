package io.saccade.router.state;

import io.saccade.proto.Digests;
import io.saccade.proto.Limits;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.router.rules.TimeRules;
import io.saccade.router.rules.WindowOrder;
import io.saccade.router.state.Episodes.Step;
import io.saccade.router.state.StandingQuestions.Standing;
import io.saccade.router.v1.Episode;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Keeps the alert episodes of a partition's feeds and creates the alert that begins each. Public
 * for the package {@code flow} only.
 */
public final class Alerts {

  static final String EPISODES = "alert-episodes";

  /** Longer than the longest hold-off, so that no episode is deleted while it may last. */
  private static final Duration RETENTION = Limits.MOST_HOLD_OFF.multipliedBy(2);

  private static final StringSerializer KEYS = new StringSerializer();

  private final KeyValueStore<String, Episode> episodes;

  Alerts(ProcessingContext context) {
    this.episodes = context.getStateStore(EPISODES);
  }

  static StoreBuilder<KeyValueStore<String, Episode>> store() {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(EPISODES),
        Serdes.String(),
        ProtoSerdes.trusted(Episode.parser()));
  }

  /** Takes the answer about a window and returns the alert that it raises, if any. */
  public Optional<Alert> answered(Standing standing, Answer answer, long now) {
    if (standing.alert().isEmpty() || answer.getStatus() != AnswerStatus.OK) {
      return Optional.empty();
    }
    String key = Keys.video(answer.getVideoId()) + answer.getStandingId();
    AlertRule rule = standing.question().getAlert();
    Episode before = episodes.get(key);
    if (before == null || !before.getRule().equals(rule)) {
      before = Episode.newBuilder().setStandingId(answer.getStandingId()).setRule(rule).build();
    }
    boolean matches = standing.alert().get().matcher(answer.getText()).find();
    Step step = Episodes.next(before, answer.getWindow(), matches);
    if (!step.episode().equals(before)) {
      episodes.put(key, step.episode());
    }
    return step.alert() ? Optional.of(alert(answer, now)) : Optional.empty();
  }

  private static Alert alert(Answer answer, long now) {
    Alert.Builder alert =
        Alert.newBuilder()
            .setVideoId(answer.getVideoId())
            .setQuestionId(answer.getStandingId())
            .setWindow(answer.getWindow());
    return alert
        .setAlertId(Digests.of(alert.build()))
        .setAnswer(answer)
        .setRaisedAt(TimeRules.timestamp(now))
        .build();
  }

  /** Deletes the episodes of a video. */
  public void forget(String videoId) {
    Tables.delete(episodes, episodes.prefixScan(Keys.video(videoId), KEYS), episode -> true);
  }

  /**
   * Deletes the episodes of cancelled questions, and those without an answer for twice the longest
   * hold-off.
   */
  public void sweep(StandingQuestions standing, long now) {
    Tables.delete(
        episodes,
        episodes.all(),
        episode ->
            now - WindowOrder.end(episode.getLast()) > RETENTION.toMillis()
                || standing.find(episode.getStandingId()).flatMap(Standing::alert).isEmpty());
  }
}
