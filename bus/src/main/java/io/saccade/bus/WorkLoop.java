package io.saccade.bus;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records of one topic as a member of a consumer group and hands each to a handler as {@link
 * Work}; at least once.
 *
 * <ul>
 *   <li>Offsets are committed only up to the first unfinished record of a partition: what dies with
 *       a process is taken up by another member. What was finished behind that record is noted and
 *       not done again.
 *   <li>A record that was under way when a process died is tried alone: nothing else is under way
 *       in this process then. One of which the process dies each time is condemned. The attempts
 *       are noted before they begin, in the offsets of the group {@code GROUP.notes}.
 *   <li>Records wait here, not in the log, where keys take turns: one with many records holds up no
 *       other.
 *   <li>The consumer polls all the time, with its partitions paused while enough records wait, so a
 *       slow model never costs the membership.
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
  private final WorkHandler<V> handler;
  private final Metrics metrics;
  private final QuarantineLock solitude;
  private final Function<Map<String, Object>, Consumer<String, Parsed<V>>> opener;
  private final WorkCompletion<V> finishing;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean joined;
  private long measured = System.nanoTime() - MEASURE.toNanos();
  private Consumer<String, Parsed<V>> consumer;
  private Offsets offsets;
  private WorkScheduler<V> starter;

  /**
   * How a loop behaves.
   *
   * @param role who takes the records, for dead letters, logs and the thread's name
   * @param group the consumer group, without prefix
   * @param maxUnderWay records begun but unfinished, at least 1
   * @param maxAhead how far, in offsets, a record may be begun ahead of the first unfinished one of
   *     its partition, 1 to 1,000: no more is done again after a crash. As many records at most
   *     wait to be begun
   * @param maxCrashes how often the process may end while a record is tried alone before that is
   *     condemned, 1 to 9
   * @param grace how long work under way may take to finish when the loop is closed
   */
  public record Options(
      String role, String group, int maxUnderWay, int maxAhead, int maxCrashes, Duration grace) {

    /** Offsets; of small requests that is a few megabytes. */
    public static final int DEFAULT_MAX_AHEAD = 256;

    /**
     * Enough that nobody is condemned by chance: a process that is killed for another reason while
     * one record is tried alone counts against that record.
     */
    public static final int DEFAULT_MAX_CRASHES = 3;

    /** Checks the ranges. */
    public Options {
      new Problems()
          .unless(maxUnderWay >= 1, "max-under-way", maxUnderWay, "must be at least 1")
          .unless(maxAhead >= 1 && maxAhead <= 1000, "max-ahead", maxAhead, "must be 1 to 1000")
          .unless(maxCrashes >= 1 && maxCrashes <= 9, "max-crashes", maxCrashes, "must be 1 to 9")
          .unless(!grace.isNegative(), "grace", grace, "must not be negative")
          .throwIfAny(role);
    }

    /** The default bounds. */
    public Options(String role, String group, int maxUnderWay, Duration grace) {
      this(role, group, maxUnderWay, DEFAULT_MAX_AHEAD, DEFAULT_MAX_CRASHES, grace);
    }
  }

  /**
   * Prepares a loop; {@link #start} starts it.
   *
   * @param metrics of the role: the loop keeps those that each role has
   */
  public WorkLoop(
      BusConfig bus, Topic<V> topic, Options options, Metrics metrics, WorkHandler<V> handler) {
    this(
        bus,
        topic,
        options,
        metrics,
        handler,
        QuarantineLock.PROCESS,
        settings -> BusConfig.openConsumer(settings, ProtoSerdes.deserializer(topic)));
  }

  /**
   * The same with other clients.
   *
   * @param metrics of the role: the loop keeps those that each role has
   * @param solitude of what dies together
   * @param opener opens a consumer with such settings
   */
  WorkLoop(
      BusConfig bus,
      Topic<V> topic,
      Options options,
      Metrics metrics,
      WorkHandler<V> handler,
      QuarantineLock solitude,
      Function<Map<String, Object>, Consumer<String, Parsed<V>>> opener) {
    this.bus = bus;
    this.topic = topic;
    this.options = options;
    this.handler = handler;
    this.metrics = metrics;
    this.solitude = solitude;
    this.opener = opener;
    this.finishing = new WorkCompletion<>(bus, options.role(), topic, metrics);
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

  /**
   * Repeats an effect that belongs to no record until it is acknowledged, or the loop ends.
   *
   * @param effect as in {@link Work#doneWhen}
   */
  public CompletionStage<Void> insist(Supplier<? extends CompletionStage<?>> effect) {
    return finishing.repeats().insist(effect);
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
      finishing.close(); // never started
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
    try (finishing;
        var notes = opener.apply(notesSettings());
        var group = opener.apply(groupSettings());
        var started = starter(group, notes)) {
      starter = started;
      group.subscribe(List.of(bus.name(topic)), new Rebalance());
      while (!stopping) {
        turn();
      }
      drain();
      stopped.complete(null);
    } catch (RuntimeException | Error e) { // nobody may wait for a loop that is gone
      log.error("event=role_failed role={} reason=\"{}\"", options.role(), e.toString());
      stopped.completeExceptionally(e);
    }
  }

  private WorkScheduler<V> starter(Consumer<String, Parsed<V>> group, Consumer<?, ?> notes) {
    consumer = group;
    offsets = new Offsets(options.role(), group, notes);
    return new WorkScheduler<>(options, handler, offsets, solitude);
  }

  private Map<String, Object> groupSettings() {
    Map<String, Object> settings = bus.consumer(options.group());
    settings.put(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        Math.min(options.maxUnderWay(), options.maxAhead()));
    return settings;
  }

  private Map<String, Object> notesSettings() {
    return bus.consumer(options.group() + ".notes");
  }

  private void turn() {
    takeEnded();
    offsets.read();
    throttle();
    for (ConsumerRecord<String, Parsed<V>> record :
        consumer.poll(starter.isIdle() ? IDLE_POLL : BUSY_POLL)) {
      take(record);
    }
    takeEnded();
    if (!stopping) {
      starter.begin();
    }
    offsets.commit();
    measure();
  }

  private void measure() {
    metrics.set(Metric.UNDER_WAY, starter.taken());
    long now = System.nanoTime();
    if (now - measured >= MEASURE.toNanos()) {
      measured = now;
      metrics.set(Metric.LAG, consumer.assignment().stream().mapToLong(this::lag).sum());
    }
  }

  /** What was not taken of a partition; 0 while that is not known. */
  private long lag(TopicPartition partition) {
    return consumer.currentLag(partition).orElse(0);
  }

  private void throttle() {
    Set<TopicPartition> paused = new HashSet<>(consumer.assignment());
    if (!stopping && !starter.isFull()) {
      paused.removeIf(
          partition -> {
            PartitionProgress progress = offsets.of(partition);
            return progress != null && progress.ahead() < options.maxAhead();
          });
    }
    consumer.pause(paused);
    Set<TopicPartition> open = new HashSet<>(consumer.paused());
    open.removeAll(paused);
    consumer.resume(open);
  }

  private void take(ConsumerRecord<String, Parsed<V>> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    RecordState note = offsets.of(partition).take(record.offset());
    if (note.isDone()) {
      return; // the member before could not commit it
    }
    V message = record.value() instanceof Parsed.Valid<V> valid ? valid.message() : null;
    Work<V> work =
        new Work<>(
            message,
            partition,
            record.offset(),
            record.timestamp(),
            TraceHeaders.read(record.headers()),
            finishing);
    topic
        .problem(record.key(), record.value())
        .ifPresentOrElse(
            problem -> {
              starter.adopt(work);
              finishing.bury(work, record, problem);
            },
            () -> starter.add(work, note, record.key()));
  }

  private void takeEnded() {
    Work<V> work;
    while ((work = finishing.poll()) != null) {
      if (starter.end(work) && !work.dropped()) {
        offsets.of(work.partition()).finish(work.offset());
      }
    }
  }

  private void drain() {
    starter.cancel();
    long begin = System.nanoTime();
    while (!starter.underWay().isEmpty() && System.nanoTime() - begin < options.grace().toNanos()) {
      turn();
    }
    takeEnded();
    offsets.release();
  }

  /** Work of partitions that move is cancelled here and taken up by the new owner. */
  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      log.info("event=partitions_assigned role={} partitions={}", options.role(), partitions);
      offsets.add(partitions);
      consumer.pause(offsets.unread());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      takeEnded();
      offsets.release(partitions);
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
      offsets.remove(partitions);
      starter.move(Set.copyOf(partitions));
    }
  }
}
