package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.BusConfig;
import io.saccade.router.RouterConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamsSettingsTest {

  @TempDir private Path dir;

  @Test
  void sessionTimeoutIsTheUsersUnderAnyOfItsNames() {
    for (String prefix : List.of("", "consumer.", "main.consumer.")) {
      Map<String, String> users = Map.of(prefix + "session.timeout.ms", "6000");
      BusConfig bus = new BusConfig("localhost:1", "p.", users);
      StreamsConfig config = new StreamsConfig(StreamsSettings.of(RouterConfig.defaults(bus, dir)));
      assertThat(config.getMainConsumerConfigs("g", "c", 0))
          .extractingByKey("session.timeout.ms")
          .hasToString("6000");
    }
  }

  @Test
  void usersSettingsWinExceptOverExactlyOnce() {
    Map<String, String> users =
        Map.of("producer.linger.ms", "3", "processing.guarantee", "at_least_once");
    BusConfig bus = new BusConfig("localhost:1", "p.", users);
    Map<String, Object> settings = StreamsSettings.of(RouterConfig.defaults(bus, dir));
    assertThat(settings)
        .containsEntry("producer.linger.ms", "3")
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .containsEntry(StreamsConfig.APPLICATION_ID_CONFIG, "p.question-router")
        .containsEntry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 10L);
  }
}
