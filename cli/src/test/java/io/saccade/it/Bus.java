package io.saccade.it;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Brokers and topics for tests. */
public final class Bus {

  /** So that a killed member is noticed soon. */
  public static final Map<String, String> QUICK_GROUPS =
      Map.of("session.timeout.ms", "6000", "heartbeat.interval.ms", "2000");

  private Bus() {}

  /** Starts a broker on a free port. */
  static EmbeddedBroker broker(Path dir) {
    return EmbeddedBroker.start(BrokerConfig.local(dir, 0));
  }

  /** All topics under a prefix of its own, so that tests may share a broker. */
  static BusConfig create(String bootstrapServers, String prefix, Map<String, String> kafka) {
    BusConfig bus = new BusConfig(bootstrapServers, prefix, kafka);
    try (Admin admin = BusCheck.connect(bus)) {
      var unused = new TopicCreator(admin, bus, TopicPlan.DEFAULT).create();
    }
    return bus;
  }

  /** Where a group goes on. */
  static Map<TopicPartition, Long> committed(BusConfig bus, String group)
      throws ExecutionException, InterruptedException {
    try (Admin admin = BusCheck.connect(bus)) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      admin
          .listConsumerGroupOffsets(bus.topicPrefix() + group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
      return offsets;
    }
  }
}
