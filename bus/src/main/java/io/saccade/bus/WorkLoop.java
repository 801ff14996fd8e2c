package io.saccade.bus;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Owner;
import io.saccade.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records of one topic as a member of a consumer group and hands each to a handler as {@link
 * Work}; at least once.
 *
 * <ul>
 *   <li>Offsets are committed only up to the first unfinished record of a partition: what dies with
 *       a process is taken up by another member.
 *   <li>The consumer polls all the time, with its partitions paused while enough work is under way,
 *       so a slow model never costs the membership.
 *   <li>A record that does not parse, or whose key is not its id, goes to {@code dead-letters}; its
 *       offset is finished only when that record is acknowledged.
 *   <li>Stopping drains: work that has not begun is cancelled and left to the next member, work
 *       under way has the grace to finish.
 * </ul>
 *
 * @param <V> the topic's message
 */
public final class WorkLoop<V extends MessageLite> implements Role {

  private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);
  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  /** Work under way ends at any moment; its completion is seen after the poll. */
  private static final Duration BUSY_POLL = Duration.ofMillis(10);

  private static final Duration MEASURE = Duration.ofSeconds(1);

  private final Options options;
  private final Topic<V> topic;
  private final BusConfig bus;
  private final Consumer<Work<V>> handler;
  private final Clock clock;
  private final Metrics metrics;
  private final Outlet deadLetters;

  private final Map<TopicPartition, Progress> progress = new HashMap<>();
  private final Set<Work<V>> underWay = new HashSet<>();
  private final Queue<Work<V>> finished = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean joined;
  private Instant measured = Instant.EPOCH;
  private KafkaConsumer<String, Parsed<V>> consumer;

  /**
   * How a loop behaves.
   *
   * @param role who takes the records, for dead letters, logs and the thread's name
   * @param group the consumer group, without prefix
   * @param maxUnderWay records taken but unfinished at which the loop stops taking more, at least 1
   * @param grace how long work under way may take to finish when the loop is closed
   */
  public record Options(String role, String group, int maxUnderWay, Duration grace) {

    /** Checks the ranges. */
    public Options {
      new Problems()
          .unless(maxUnderWay >= 1, "max-under-way", maxUnderWay, "must be at least 1")
          .unless(!grace.isNegative(), "grace", grace, "must not be negative")
          .throwIfAny(role);
    }
  }

  /** A loop whose metrics nobody collects. */
  public WorkLoop(BusConfig bus, Topic<V> topic, Options options, Consumer<Work<V>> handler) {
    this(bus, topic, options, Telemetry.none().metrics(Owner.WORKER), handler);
  }

  /**
   * Prepares a loop; {@link #start} starts it.
   *
   * @param metrics of the role: the loop keeps those that each role has
   * @param handler is called on the loop's thread for each record and must not block: it queues the
   *     work and, later, some thread calls {@link Work#done}
   */
  public WorkLoop(
      BusConfig bus, Topic<V> topic, Options options, Metrics metrics, Consumer<Work<V>> handler) {
    this.bus = bus;
    this.topic = topic;
    this.options = options;
    this.handler = handler;
    this.clock = Clock.systemUTC();
    this.metrics = metrics;
    this.deadLetters = new Outlet(bus);
    this.thread = new Thread(this::run, options.role() + "-loop");
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
        () -> {
          if (stopping) {
            return Health.stopped();
          }
          return joined
              ? Health.ready("a member of its consumer group")
              : Health.starting("waits for its consumer group");
        });
  }

  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive() && !stopped.isDone()) {
      deadLetters.close(); // never started
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
    try (deadLetters;
        var opened = open()) {
      consumer = opened;
      consumer.subscribe(List.of(bus.name(topic)), new Rebalance());
      while (!stopping) {
        turn(underWay.isEmpty() ? IDLE_POLL : BUSY_POLL);
      }
      drain();
      stopped.complete(null);
    } catch (RuntimeException | Error e) { // nobody may wait for a loop that is gone
      log.error("event=role_failed role={} reason=\"{}\"", options.role(), e.toString());
      stopped.completeExceptionally(e);
    }
  }

  private KafkaConsumer<String, Parsed<V>> open() {
    Map<String, Object> settings = bus.consumer(options.group());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, options.maxUnderWay());
    return BusConfig.openConsumer(settings, ProtoSerdes.deserializer(topic));
  }

  private void turn(Duration poll) {
    takeFinished();
    throttle();
    for (ConsumerRecord<String, Parsed<V>> record : consumer.poll(poll)) {
      take(record);
    }
    takeFinished();
    commit();
    measure();
  }

  private void measure() {
    metrics.set(Metric.UNDER_WAY, underWay.size());
    Instant now = clock.instant();
    if (now.isAfter(measured.plus(MEASURE))) {
      measured = now;
      metrics.set(Metric.LAG, consumer.assignment().stream().mapToLong(this::lag).sum());
    }
  }

  /** What was not taken of a partition; 0 while that is not known. */
  private long lag(TopicPartition partition) {
    return consumer.currentLag(partition).orElse(0);
  }

  private void throttle() {
    if (stopping || underWay.size() >= options.maxUnderWay()) {
      consumer.pause(consumer.assignment());
    } else {
      consumer.resume(consumer.paused());
    }
  }

  private void take(ConsumerRecord<String, Parsed<V>> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    progress.computeIfAbsent(partition, p -> new Progress()).start(record.offset());
    V message = record.value() instanceof Parsed.Valid<V> valid ? valid.message() : null;
    Work<V> work =
        new Work<>(
            message,
            partition,
            record.offset(),
            record.timestamp(),
            TraceHeaders.read(record.headers()),
            this::onDone);
    underWay.add(work);
    topic
        .problem(record.key(), record.value())
        .ifPresentOrElse(problem -> bury(record, problem, work), () -> handler.accept(work));
  }

  private void bury(ConsumerRecord<String, Parsed<V>> record, String reason, Work<V> work) {
    metrics.count(Metric.DEAD_LETTERS);
    log.warn("event=dead_letter record={} reason=\"{}\"", work, reason);
    DeadLetter letter = DeadLetters.of(options.role(), record, reason);
    work.doneWhen(deadLetters.send(Topics.DEAD_LETTERS, DeadLetters.key(letter), letter));
  }

  private void onDone(Work<V> work) {
    finished.add(work);
  }

  private void takeFinished() {
    Work<V> work;
    while ((work = finished.poll()) != null) {
      if (underWay.remove(work) && !work.dropped()) {
        progress.get(work.partition()).finish(work.offset());
      }
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committable(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Progress p = progress.get(partition);
      if (p != null && p.mayCommit()) {
        offsets.put(partition, new OffsetAndMetadata(p.commit()));
      }
    }
    return offsets;
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(progress.keySet());
    if (offsets.isEmpty()) {
      return;
    }
    consumer.commitAsync(
        offsets,
        (committed, failure) -> {
          if (failure != null) {
            log.warn(
                "event=commit_failed role={} reason=\"{}\"", options.role(), failure.toString());
            committed.forEach(this::uncommit);
          }
        });
  }

  private void uncommit(TopicPartition partition, OffsetAndMetadata offset) {
    Progress p = progress.get(partition);
    if (p != null) {
      p.uncommit(offset.offset() - 1);
    }
  }

  private void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, Duration.ofSeconds(5));
    } catch (RebalanceInProgressException | RetriableException e) {
      log.warn("event=commit_failed role={} reason=\"{}\"", options.role(), e.toString());
    } catch (KafkaException e) {
      // The group moved on without us; another member does this work again.
      log.warn("event=commit_refused role={} reason=\"{}\"", options.role(), e.toString());
    }
  }

  private void drain() {
    underWay.forEach(Work::cancel);
    Instant end = clock.instant().plus(options.grace());
    while (!underWay.isEmpty() && clock.instant().isBefore(end)) {
      turn(BUSY_POLL);
    }
    takeFinished();
    commitNow(new ArrayList<>(progress.keySet()));
  }

  /** Work of partitions that move is cancelled here and taken up by the new owner. */
  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      log.info("event=partitions_assigned role={} partitions={}", options.role(), partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      takeFinished();
      commitNow(partitions);
      forget(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      joined = false;
      forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
      if (partitions.isEmpty()) {
        return;
      }
      log.info("event=partitions_revoked role={} partitions={}", options.role(), partitions);
      Set<TopicPartition> gone = new HashSet<>(partitions);
      progress.keySet().removeAll(gone);
      underWay.removeIf(
          work -> {
            boolean moved = gone.contains(work.partition());
            if (moved) {
              work.cancel();
            }
            return moved;
          });
    }
  }
}
