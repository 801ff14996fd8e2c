package io.saccade.sampler.feed;

import io.saccade.bus.Role;
import io.saccade.proto.Parsed;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.telemetry.Health;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which live feeds this sampler follows: those whose references lie in its partitions of
 * {@code videos}, as a member of a group that all samplers form. The topic is compacted, so a
 * member reads its partitions from their beginning and commits nothing; it starts feeds when it
 * knows a partition to its end.
 *
 * <p>Feeds of a partition that moves are told to stop as it is given up, and report nothing from
 * then on; if the coordinator is silent for as long as the session lasts, all are, since others may
 * follow them by then.
 */
final class FeedFollower implements Role {

  private static final Logger log = LoggerFactory.getLogger(FeedFollower.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** For sources to close and for their last windows to be acknowledged. */
  private static final Duration STOP = Duration.ofSeconds(5);

  private final String topic;
  private final Consumer<String, Parsed<VideoReference>> consumer;
  private final ProfileLog profiles;
  private final GroupLease tenure;
  private final Feeds feeds;
  private final Map<TopicPartition, References> partitions = new HashMap<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "sampler-feeds");
  private volatile boolean stopping;
  private volatile boolean joined;

  /** What is known of a partition: its live references, and the ids that are to be looked at. */
  private static final class References {
    private final Map<String, VideoReference> live = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private boolean complete;
  }

  /**
   * Prepares a follower; {@link #start} starts it.
   *
   * @param topic the name of {@code videos} on this bus
   * @param consumer a member of the group; closed with this role, like {@code profiles}
   */
  FeedFollower(
      String topic,
      Consumer<String, Parsed<VideoReference>> consumer,
      ProfileLog profiles,
      GroupLease tenure,
      Feeds feeds) {
    this.topic = topic;
    this.consumer = consumer;
    this.profiles = profiles;
    this.tenure = tenure;
    this.feeds = feeds;
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
    if (!thread.isAlive() && !stopped.isDone()) {
      closeConsumers(); // never started
      stopped.complete(null);
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      subscribe();
      while (!stopping) {
        turn();
      }
      stopFeeds();
      closeConsumers();
      stopped.complete(null);
    } catch (RuntimeException | Error e) { // nobody may wait for a follower that is gone
      log.error("event=role_failed role=feeds reason=\"{}\"", e.toString());
      stopFeeds();
      closeConsumers();
      stopped.completeExceptionally(e);
    }
  }

  /** Joins the group. */
  void subscribe() {
    consumer.subscribe(List.of(topic), new Rebalance());
  }

  /** Takes what has come. */
  void turn() {
    consumer.poll(POLL).forEach(this::take);
    profiles.poll().ifPresent(feeds::profiles);
    tenure.listen();
    if (tenure.holds()) {
      partitions.forEach(this::apply);
    } else {
      forsake();
    }
  }

  private void closeConsumers() {
    try (profiles;
        consumer) {
      log.debug("event=feeds_closed");
    } catch (KafkaException e) {
      log.warn("event=close_failed role=feeds reason=\"{}\"", e.toString());
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
    of.complete = of.complete || consumer.currentLag(partition).orElse(1) == 0;
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

  /**
   * Others may follow our feeds by now; if they do not, all begin again. Nobody else follows what
   * was withdrawn meanwhile: it ends as such once that is certain, or with its partition.
   */
  private void forsake() {
    boolean news = false;
    for (References of : partitions.values()) {
      news |= of.changed.addAll(of.live.keySet());
      of.live.keySet().forEach(id -> feeds.stop(id, FeedEnding.REPLACED));
    }
    if (news) {
      log.warn("event=feeds_forsaken reason=\"the coordinator is silent\"");
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

  /** Stops the feeds of a partition; also those that changed and were not looked at yet. */
  private void stop(References of, FeedEnding ending) {
    of.live.keySet().forEach(id -> feeds.stop(id, ending));
    of.changed.stream()
        .filter(id -> !of.live.containsKey(id))
        .forEach(id -> feeds.stop(id, FeedEnding.WITHDRAWN));
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
      leave(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      joined = false;
      leave(lost);
    }

    private void leave(Collection<TopicPartition> gone) {
      log.info("event=partitions_revoked role=feeds partitions={}", gone);
      for (TopicPartition partition : gone) {
        References of = partitions.remove(partition);
        if (of != null) {
          stop(of, FeedEnding.REPLACED); // the next owner reports, and nobody after it
        }
      }
    }
  }
}
