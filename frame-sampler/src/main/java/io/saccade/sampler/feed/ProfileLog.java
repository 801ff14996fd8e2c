package io.saccade.sampler.feed;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.sampler.record.BadRequestException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The distinct sampling profiles that models announce, read from the whole of {@code models} and
 * its end as it grows. A member of no group. For one thread.
 */
final class ProfileLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProfileLog.class);

  private final Consumer<String, Parsed<ModelCard>> consumer;
  private final Map<String, FeedProfile> byModel = new HashMap<>();
  private Set<FeedProfile> told = Set.of();

  /** Opens a consumer, which {@link #close} closes. */
  ProfileLog(BusConfig bus) {
    this(
        bus.name(Topics.MODELS),
        BusConfig.openConsumer(bus.consumer(), ProtoSerdes.deserializer(Topics.MODELS)));
  }

  /** Reads through a given consumer, which {@link #close} closes. */
  ProfileLog(String topic, Consumer<String, Parsed<ModelCard>> consumer) {
    this.consumer = consumer;
    List<TopicPartition> whole = List.of(new TopicPartition(topic, 0)); // has no others
    consumer.assign(whole);
    consumer.seekToBeginning(whole);
  }

  /**
   * Reads what has come.
   *
   * @return the profiles, if they changed since the last call and the topic is read to its end
   */
  Optional<Set<FeedProfile>> poll() {
    consumer.poll(Duration.ZERO).forEach(this::take);
    Set<FeedProfile> now = new HashSet<>(byModel.values());
    if (now.equals(told) || !isAtEnd()) {
      return Optional.empty();
    }
    told = now;
    return Optional.of(now);
  }

  private boolean isAtEnd() {
    return consumer.assignment().stream()
        .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
  }

  private void take(ConsumerRecord<String, Parsed<ModelCard>> record) {
    if (record.key() == null) {
      return;
    }
    byModel.remove(record.key());
    if (record.value() instanceof Parsed.Valid<ModelCard> card) {
      profile(record.key(), card.message().getProfile())
          .ifPresent(profile -> byModel.put(record.key(), profile));
    }
  }

  private static Optional<FeedProfile> profile(String model, SamplingProfile profile) {
    try {
      return Optional.of(FeedProfile.of(profile));
    } catch (BadRequestException e) {
      log.warn("event=profile_ignored model={} reason=\"{}\"", model, e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
