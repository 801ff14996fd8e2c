package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.BusConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the installed Kafka client tells of its group, whoever assigns the partitions. */
class GroupLeaseTest {

  @ParameterizedTest
  @CsvSource({"classic, 10", "consumer, 45"})
  void anAnswerOfTheCoordinatorIsCountedAndTheSessionKnown(String protocol, long seconds) {
    BusConfig bus = new BusConfig("localhost:1", "test.", Map.of("group.protocol", protocol));
    Map<String, Object> member = bus.consumer("feeds");

    assertThat(LiveFeeds.session(member)).isEqualTo(Duration.ofSeconds(seconds));
    try (KafkaConsumer<String, String> consumer =
        BusConfig.openConsumer(member, new StringDeserializer())) {
      Awaitility.await().until(() -> GroupLease.counts(consumer).findAny().isPresent());
      assertThat(GroupLease.answers(consumer).getAsDouble()).isZero();
    }
  }
}
