package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.bus.ConfigException;
import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedConfigTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void whatPassesHereAFeedCanBeFollowedWith() {
    for (Duration time : List.of(Duration.ofMillis(100), HOUR)) {
      FeedConfig config = config(time, time);

      assertThat(new LiveSpec(time, 64, ResizeRule.SQUASH, config.stall(), config.connectTimeout()))
          .isNotNull();
    }
  }

  @Test
  void morePatienceThanAnHourIsRefused() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(HOUR.plusNanos(1), HOUR))
        .withMessageContaining("feed-stall");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(HOUR, HOUR.plusNanos(1)))
        .withMessageContaining("feed-connect-timeout");
  }

  private static FeedConfig config(Duration stall, Duration connectTimeout) {
    FeedConfig usual = FeedConfig.defaults();
    return new FeedConfig(
        usual.listens(),
        usual.maxFeeds(),
        usual.bytesInFlight(),
        stall,
        connectTimeout,
        usual.firstPause(),
        usual.longestPause(),
        usual.steady());
  }
}
