package io.saccade.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import io.saccade.bus.ConfigException;
import io.saccade.router.streams.InstanceId;
import io.saccade.router.streams.StreamsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouterConfigTest {

  private static final BusConfig BUS = BusConfig.of("localhost:1");

  @TempDir private Path dir;

  @Test
  void allProblemsOfTheConfigAreNamed() {
    assertThatThrownBy(
            () ->
                new RouterConfig(
                    BUS,
                    dir,
                    RouterLimits.DEFAULT,
                    RequestLimits.DEFAULT,
                    Duration.ZERO,
                    0,
                    -1,
                    Duration.ofSeconds(-1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("commit-interval", "threads=0", "standby-replicas", "drain-grace");
  }

  @Test
  void allProblemsOfTheLimitsAreNamed() {
    Duration day = Duration.ofDays(1);
    assertThatThrownBy(
            () ->
                new RouterLimits(
                    day.multipliedBy(2), day, day.negated(), 0, 0, Duration.ZERO, day, day))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "default-timeout=PT48H",
            "unknown-grace",
            "max-question-chars=0",
            "max-open-questions=0",
            "closed-retention=PT0S");
  }

  @Test
  void allProblemsOfTheRequestsAreNamed() {
    assertThatThrownBy(() -> new RequestLimits(0, 0, 21, Duration.ZERO))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "max-standing-requests=0", "hot-video-requests=0", "sampling-attempts=21", "PT0S");
  }

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

  @Test
  void instanceIsNamedByItsStateFolder() throws Exception {
    Path state = dir.resolve("state");
    String id = InstanceId.of(state);
    assertThat(InstanceId.of(state)).isEqualTo(id);
    assertThat(InstanceId.of(dir.resolve("other"))).isNotEqualTo(id);
    Files.writeString(state.resolve("router-instance"), "half wri");
    assertThat(InstanceId.of(state)).isNotEqualTo(id);
  }

  @Test
  void stateFolderMustBeAFolder() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(() -> InstanceId.of(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("state-dir=");
  }
}
