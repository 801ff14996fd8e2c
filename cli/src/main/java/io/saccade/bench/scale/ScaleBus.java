package io.saccade.bench.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.MessageLite;
import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.Await;
import io.saccade.bus.BusConfig;
import io.saccade.cli.local.Lifecycle;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.SimulatedEngine;
import io.saccade.worker.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/** A broker in a temporary folder, its topics, and the workers of a bench. */
final class ScaleBus {

  /** Enough for eight workers to have the same. */
  static final int PARTITIONS = 40;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Takes little at a time, so that no partition's requests wait behind a heap of another's. */
  private static final int UNDER_WAY = 8;

  private final Lifecycle lifecycle;
  private final Path folder;
  private final BusConfig bus;

  /**
   * Starts the broker and makes the topics.
   *
   * @param lifecycle takes over what is started, and the folder
   */
  ScaleBus(Lifecycle lifecycle, int partitions, Map<String, String> kafka) {
    this.lifecycle = lifecycle;
    this.folder = lifecycle.folder();
    EmbeddedBroker broker =
        lifecycle.open(() -> EmbeddedBroker.start(BrokerConfig.local(folder.resolve("broker"), 0)));
    bus = new BusConfig(broker.bootstrapServers(), Topics.DEFAULT_PREFIX, kafka);
    TopicPlan plan = new TopicPlan(partitions, (short) 1, TopicPlan.DEFAULT.framesRetention());
    try (Admin admin = BusCheck.connect(bus)) {
      var unused = new TopicCreator(admin, bus, plan).create();
    }
  }

  /** The settings for a way of sharing partitions. */
  static Map<String, String> protocol(String name) {
    return Map.of("group.protocol", name);
  }

  BusConfig bus() {
    return bus;
  }

  /** A folder that goes with the bench. */
  Path folder() {
    return folder;
  }

  /** Starts a worker; it is closed with the bench, if not before. */
  InferenceWorker worker(String name, Duration latency) {
    WorkerConfig defaults = WorkerConfig.defaults(bus, name);
    WorkerConfig config =
        defaults.withBounds(
            UNDER_WAY, defaults.maxAhead(), defaults.maxCrashes(), defaults.grace());
    return lifecycle.start(
        new InferenceWorker(config, new SimulatedEngine(SimulatedEngine.NAME, latency)));
  }

  /** Hands over a topic's committed records from now on. */
  <V extends MessageLite> void tail(Topic<V> topic, Consumer<V> each) {
    var unused = lifecycle.add(new ScaleTail<>(bus, topic, each));
  }

  /** Waits until so many workers share the partitions evenly. */
  void awaitWorkers(int count) throws InterruptedException {
    try (Admin admin = BusCheck.connect(bus)) {
      await("workers share the partitions", () -> isShared(admin, count));
    }
  }

  /** The workers' consumer group. */
  String workers() {
    return bus.topicPrefix() + "inference-worker." + SimulatedEngine.NAME;
  }

  private boolean isShared(Admin admin, int count) throws InterruptedException {
    String group = workers();
    try {
      var described = admin.describeConsumerGroups(java.util.List.of(group)).all().get().get(group);
      Collection<MemberDescription> members = described.members();
      int[] sizes =
          members.stream().mapToInt(m -> m.assignment().topicPartitions().size()).toArray();
      return described.groupState() == GroupState.STABLE
          && members.size() == count
          && IntStream.of(sizes).max().orElse(0) - IntStream.of(sizes).min().orElse(0) <= 1
          && IntStream.of(sizes).sum() > 0;
    } catch (ExecutionException | KafkaException e) {
      return false; // not there yet
    }
  }

  /**
   * Waits.
   *
   * @throws IngestException if it takes more than a minute
   */
  static void await(String what, Await.Condition condition) throws InterruptedException {
    await(what, PATIENCE, condition);
  }

  /** The same for another time at most. */
  static void await(String what, Duration most, Await.Condition condition)
      throws InterruptedException {
    if (!Await.until(most, condition)) {
      throw new IngestException("the bench waited too long until " + what);
    }
  }

  /** A video whose records lie in this partition. */
  static String videoIn(int partition, int partitions) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "video-" + partition + "-" + i)
        .filter(id -> Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % partitions == partition)
        .findFirst()
        .orElseThrow();
  }
}
