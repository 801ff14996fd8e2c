package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bus's settings")
final class BusConfigTest {

  private static final BusConfig BUS = BusConfig.of("localhost:9092");

  @Test
  @DisplayName("never commit by themselves and never lose what was acknowledged")
  void semantics() {
    assertThat(BUS.consumer()).containsEntry("enable.auto.commit", false);
    assertThat(BUS.producer())
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true);
    // Kafka checks them: these would not be accepted together otherwise.
    assertThat(new ProducerConfig(withSerializers(BUS.producer())).getString("acks"))
        .isIn("all", "-1");
  }

  @Test
  @DisplayName("put the prefix before topics and groups")
  void prefix() {
    BusConfig bus = new BusConfig("localhost:9092", "site-3.", Map.of());

    assertThat(bus.name(Topics.QUESTIONS)).isEqualTo("site-3.questions");
    assertThat(bus.consumer("frame-sampler"))
        .containsEntry(ConsumerConfig.GROUP_ID_CONFIG, "site-3.frame-sampler");
    assertThat(bus.consumer()).doesNotContainKey(ConsumerConfig.GROUP_ID_CONFIG);
  }

  @Test
  @DisplayName("let a user's own win where our semantics do not rest on ours")
  void userWins() {
    BusConfig bus =
        new BusConfig(
            "localhost:9092", "", Map.of("linger.ms", "5", "security.protocol", "SASL_SSL"));

    assertThat(bus.producer()).containsEntry("linger.ms", "5");
    assertThat(bus.consumer()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(bus.admin())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("bootstrap.servers", "localhost:9092");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enable.auto.commit",
        "group.id",
        "acks",
        "enable.idempotence",
        "transactional.id",
        "bootstrap.servers"
      })
  @DisplayName("that semantics rest on are refused")
  void oursAreRefused(String key) {
    Map<String, String> kafka = Map.of(key, "1");

    assertThatThrownBy(() -> new BusConfig("localhost:9092", "", kafka))
        .isInstanceOf(ConfigException.class)
        .hasMessage("bus: kafka." + key + "=1: is set by Saccade; remove it");
  }

  @Test
  @DisplayName("that are wrong are listed together")
  void allProblems() {
    Map<String, String> kafka = Map.of("acks", "0");

    assertThatThrownBy(() -> new BusConfig(" ", "a topic", kafka))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("bus: ")
        .hasMessageContaining("bootstrap-servers='': name a broker")
        .hasMessageContaining("topic-prefix=a topic: only letters")
        .hasMessageContaining("kafka.acks=0");
  }

  @Test
  @DisplayName("are copied, so that nobody changes them later")
  void copied() {
    Map<String, String> kafka = new HashMap<>();
    BusConfig bus = new BusConfig("localhost:9092", "", kafka);
    kafka.put("linger.ms", "5");

    assertThat(bus.kafka()).isEmpty();
    assertThat(bus.producer()).containsEntry("linger.ms", 0);
  }

  private static Map<String, Object> withSerializers(Map<String, Object> settings) {
    String serializer = "org.apache.kafka.common.serialization.StringSerializer";
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, serializer);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, serializer);
    return settings;
  }
}
