package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Topics;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The size of the stores does not depend on how long feeds run. */
final class RouterStoresTest extends RouterTest {

  private static final int FEEDS = 10;
  private static final int WINDOWS = 500;
  private static final Duration LENGTH = Duration.ofSeconds(2);

  private void play(int from, int windows) {
    for (int number = from; number < from + windows; number++) {
      for (int feed = 0; feed < FEEDS; feed++) {
        router.sampled(Samples.window("feed-" + feed, 'a', number, router.now(), LENGTH));
      }
      // Every other window is answered in time.
      router
          .inferenceRequests()
          .forEach(
              request -> {
                if (request.getClip().getWindow().getNumber() % 2 == 0) {
                  router.inferred(Samples.result(request, "yes"));
                }
              });
      router.advance(LENGTH);
    }
  }

  @Test
  void nothingGrowsWithTheNumberOfWindows() {
    router.model(Samples.model("m"));
    router.standing(
        Samples.standing("s", "unused").toBuilder()
            .setSelector(LabelSelector.newBuilder().putLabels("site", "here"))
            .setAlert(AlertRule.newBuilder().setMatches("yes"))
            .build());
    for (int feed = 0; feed < FEEDS; feed++) {
      router.video(Samples.feed("feed-" + feed).toBuilder().putLabels("site", "here").build());
    }
    play(0, WINDOWS);
    assertThat(router.counters.get(RouterEvent.WINDOW)).isEqualTo(FEEDS * WINDOWS);
    assertThat(router.size("newest-windows")).isEqualTo(FEEDS);
    assertThat(router.size("alert-episodes")).isEqualTo(FEEDS);
    assertThat(router.size("clip-states")).isZero();
    assertThat(router.windowedSize("closed-questions")).isZero();
    // Requested and queued questions, none older than its freshness.
    assertThat(router.size("open-questions"))
        .isLessThanOrEqualTo(RequestLimits.DEFAULT.maxStandingRequests() + FEEDS);

    router.pipe(Topics.STANDING_QUESTIONS, "s", null);
    router.advance(Duration.ofSeconds(90));
    assertThat(router.size("open-questions")).isZero();
    assertThat(router.size("alert-episodes")).isZero();

    router.advance(RouterLimits.DEFAULT.clipRetention());
    assertThat(router.size("newest-windows")).isZero();
  }
}
