package io.saccade.sampler;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Role;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.telemetry.Health;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which live feeds this sampler follows: those whose references lie in its partitions of
 * {@code videos}, as a member of a group that all samplers form. The topic is compacted, so a
 * member reads its partitions from their beginning and commits nothing; it starts feeds when it
 * knows a partition to its end.
 *
 * <p>Feeds of a partition that moves are stopped before the partition is given up; if the brokers
 * are silent for as long as the session lasts, all are, since others may follow them by then.
 */
final class FeedFollower implements Role {

  /** The group, without prefix. */
  static final String GROUP = "frame-sampler.feeds";

  private static final Logger log = LoggerFactory.getLogger(FeedFollower.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** For sources to close and for their last windows to be acknowledged. */
  private static final Duration STOP = Duration.ofSeconds(5);

  private final BusConfig bus;
  private final Feeds feeds;
  private final Clock clock;
  private final Map<TopicPartition, References> partitions = new HashMap<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "sampler-feeds");
  private volatile boolean stopping;
  private volatile boolean joined;
  private KafkaConsumer<String, Parsed<VideoReference>> consumer;

  /** What is known of a partition: its live references, and the ids that are to be looked at. */
  private static final class References {
    private final Map<String, VideoReference> live = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private boolean complete;
  }

  /** Prepares a follower; {@link #start} starts it. */
  FeedFollower(BusConfig bus, Feeds feeds, Clock clock) {
    this.bus = bus;
    this.feeds = feeds;
    this.clock = clock;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public CompletionStage<Void> stopped() {
    return stopped;
  }

  @Override
  public Health health() {
    return Health.until(
        stopped,
        () ->
            joined
                ? Health.ready("a member of the feeds' consumer group")
                : Health.starting("waits for the feeds' consumer group"));
  }

  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive()) {
      stopped.complete(null); // never started
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Map<String, Object> settings = bus.consumer(GROUP);
    Duration session =
        Duration.ofMillis(
            Long.parseLong(settings.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG).toString()));
    try (var profiles = new ProfileLog(bus);
        var opened = BusConfig.openConsumer(settings, ProtoSerdes.deserializer(Topics.VIDEOS))) {
      consumer = opened;
      consumer.subscribe(List.of(bus.name(Topics.VIDEOS)), new Rebalance());
      Silence silence = new Silence(session, clock);
      while (!stopping) {
        consumer.poll(POLL).forEach(this::take);
        profiles.poll().ifPresent(feeds::profiles);
        if (silence.lasts(consumer)) {
          forsake();
        } else {
          partitions.forEach(this::apply);
        }
      }
      stopFeeds();
      stopped.complete(null);
    } catch (RuntimeException | Error e) { // nobody may wait for a follower that is gone
      log.error("event=role_failed role=feeds reason=\"{}\"", e.toString());
      stopFeeds();
      stopped.completeExceptionally(e);
    }
  }

  private void take(ConsumerRecord<String, Parsed<VideoReference>> record) {
    References of = partitions.get(new TopicPartition(record.topic(), record.partition()));
    if (record.value() == null) {
      of.live.remove(record.key());
    } else if (Topics.VIDEOS.problem(record.key(), record.value()).isPresent()) {
      return; // the router buries it; what was known of the video stands
    } else if (record.value() instanceof Parsed.Valid<VideoReference> video) {
      if (video.message().getKind() == VideoKind.VIDEO_KIND_LIVE) {
        of.live.put(record.key(), video.message());
      } else {
        of.live.remove(record.key());
      }
    }
    of.changed.add(record.key());
  }

  /** Starts and stops what changed, once the partition is known to its end. */
  private void apply(TopicPartition partition, References of) {
    of.complete |= consumer.currentLag(partition).orElse(1) == 0;
    if (!of.complete || of.changed.isEmpty()) {
      return;
    }
    for (String id : of.changed) {
      VideoReference video = of.live.get(id);
      if (video == null) {
        feeds.stop(id, FeedEnding.WITHDRAWN);
      } else {
        feeds.follow(video);
      }
    }
    of.changed.clear();
  }

  /** Others may follow our feeds by now; if they do not, all begin again. */
  private void forsake() {
    for (References of : partitions.values()) {
      if (of.changed.addAll(of.live.keySet())) {
        log.warn("event=feeds_forsaken reason=\"the brokers are silent\"");
      }
      of.live.keySet().forEach(id -> feeds.stop(id, FeedEnding.REPLACED));
    }
  }

  private void stopFeeds() {
    partitions.values().forEach(of -> stop(of, FeedEnding.STOPPING));
    try {
      feeds.settled().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("event=feeds_not_settled reason=\"{}\"", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(References of, FeedEnding ending) {
    of.live.keySet().forEach(id -> feeds.stop(id, ending));
  }

  /** Partitions come and go with other samplers. */
  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      log.info("event=partitions_assigned role=feeds partitions={}", assigned);
      joined = true;
      assigned.forEach(partition -> partitions.put(partition, new References()));
      consumer.seekToBeginning(assigned);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      leave(revoked, stopping ? FeedEnding.STOPPING : FeedEnding.MOVED);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      joined = false;
      leave(lost, FeedEnding.REPLACED);
    }

    private void leave(Collection<TopicPartition> gone, FeedEnding ending) {
      log.info("event=partitions_revoked role=feeds partitions={}", gone);
      for (TopicPartition partition : gone) {
        References of = partitions.remove(partition);
        if (of != null) {
          stop(of, ending);
        }
      }
    }
  }
}
