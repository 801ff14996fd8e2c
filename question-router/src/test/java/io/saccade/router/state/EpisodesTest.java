package io.saccade.router.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Window;
import io.saccade.router.state.Episodes.Step;
import io.saccade.router.streams.RouterHarness;
import io.saccade.router.v1.Episode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Uses consecutive windows of 10 s; an alert is written as the number of its window. */
final class EpisodesTest {

  private static final Instant START = RouterHarness.START;

  private static AlertRule rule(int minWindows, int holdOffSeconds) {
    return AlertRule.newBuilder()
        .setMatches("yes")
        .setMinWindows(minWindows)
        .setHoldOff(Durations.fromSeconds(holdOffSeconds))
        .build();
  }

  private static Window window(char session, int number) {
    return Window.newBuilder()
        .setSession(String.valueOf(session).repeat(32))
        .setNumber(number)
        .setBegin(Times.proto(START.plusSeconds(10L * number)))
        .setEnd(Times.proto(START.plusSeconds(10L * (number + 1))))
        .build();
  }

  /** The alerts of consecutive windows: y matches, n does not match, . is skipped. */
  private static String alerts(AlertRule rule, String answers) {
    Episode episode = Episode.newBuilder().setRule(rule).build();
    StringBuilder alerts = new StringBuilder();
    for (int i = 0; i < answers.length(); i++) {
      if (answers.charAt(i) != '.') {
        Step step = Episodes.next(episode, window('a', i), answers.charAt(i) == 'y');
        episode = step.episode();
        alerts.append(step.alert() ? i : "");
      }
    }
    return alerts.toString();
  }

  @Test
  void anAlertIsRaisedOnceAnEpisode() {
    assertThat(alerts(rule(0, 0), "nyyyynnyy")).isEqualTo("17");
    assertThat(alerts(rule(1, 0), "yyyy")).isEqualTo("0");
    assertThat(alerts(rule(1, 0), "nnnn")).isEmpty();
  }

  @Test
  void windowsMustMatchInARow() {
    assertThat(alerts(rule(3, 0), "yynyyyyn")).isEqualTo("5");
    assertThat(alerts(rule(3, 0), "yynyynyy")).isEmpty();
  }

  @Test
  void skippedWindowsAreNotCounted() {
    assertThat(alerts(rule(3, 0), "y..yy")).isEqualTo("4");
    assertThat(alerts(rule(1, 0), "y......y")).isEqualTo("0");
  }

  @Test
  void theHoldOffKeepsAnEpisode() {
    assertThat(alerts(rule(1, 30), "ynny")).isEqualTo("0");
    assertThat(alerts(rule(1, 30), "ynnny")).isEqualTo("04");
    assertThat(alerts(rule(1, 30), "ynnynny")).isEqualTo("0");
  }

  @Test
  void afterAnEpisodeWindowsAreCountedAnew() {
    assertThat(alerts(rule(2, 10), "yynyy")).isEqualTo("14");
    assertThat(alerts(rule(2, 20), "yynyy")).isEqualTo("1");
  }

  @Test
  void anEpisodeEndsUnseenWhenTheFeedIsAway() {
    assertThat(alerts(rule(1, 30), "y...y")).isEqualTo("0");
    assertThat(alerts(rule(1, 30), "y....y")).isEqualTo("05");
    assertThat(alerts(rule(2, 30), "yy....yy")).isEqualTo("17");
  }

  @Test
  void windowsThatMatchWithoutAPauseAreOneEpisodeHoweverShortTheHoldOff() {
    assertThat(alerts(rule(1, 1), "yyyyyyy")).isEqualTo("0");
  }

  @Test
  void anOlderWindowChangesNothing() {
    Episode episode = Episode.newBuilder().setRule(rule(1, 0)).build();
    episode = Episodes.next(episode, window('a', 5), true).episode();
    Step late = Episodes.next(episode, window('a', 4), false);
    assertThat(late.alert()).isFalse();
    assertThat(late.episode()).isEqualTo(episode);
    assertThat(Episodes.next(episode, window('a', 5), true).episode()).isEqualTo(episode);
    assertThat(Episodes.next(episode, window('b', 3), false).episode()).isEqualTo(episode);
  }

  @Test
  void anEpisodeOutlivesASession() {
    Episode episode = Episode.newBuilder().setRule(rule(1, 0)).build();
    episode = Episodes.next(episode, window('a', 5), true).episode();
    Step next = Episodes.next(episode, window('b', 6), true);
    assertThat(next.alert()).isFalse();
    assertThat(next.episode().getLasts()).isTrue();
  }
}
