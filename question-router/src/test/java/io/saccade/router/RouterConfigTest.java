package io.saccade.router;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import io.saccade.bus.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
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
}
