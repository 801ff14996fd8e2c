package io.saccade.router.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.router.state.StandingQuestions.Standing;
import io.saccade.router.streams.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StandingQuestionsTest {

  private final StandingQuestions standing = new StandingQuestions();

  private void selecting(String id, String site) {
    LabelSelector selector = LabelSelector.newBuilder().putLabels("site", site).build();
    standing.put(id, Samples.standing(id, "unused").toBuilder().setSelector(selector).build());
  }

  private void naming(String id, String videoId) {
    standing.put(id, Samples.standing(id, videoId));
  }

  private List<String> about(String videoId, String site) {
    return standing
        .matching(Samples.feed(videoId).toBuilder().putLabels("site", site).build())
        .stream()
        .map(Standing::id)
        .toList();
  }

  @Test
  void findsByVideoAndByLabelsInTheOrderOfIds() {
    naming("d", "v");
    selecting("c", "g3");
    naming("b", "w");
    naming("a", "v");
    assertThat(about("v", "g3")).containsExactly("a", "c", "d");
    assertThat(about("v", "g4")).containsExactly("a", "d");
    assertThat(about("x", "g4")).isEmpty();
    assertThat(standing.size()).isEqualTo(4);
  }

  @Test
  void theLatestReplacesAndIncrementsTheVersion() {
    naming("a", "v");
    long before = standing.version();
    naming("a", "w");
    assertThat(about("v", "g3")).isEmpty();
    assertThat(about("w", "g3")).containsExactly("a");
    assertThat(standing.version()).isGreaterThan(before);

    standing.remove("a");
    standing.remove("unknown");
    assertThat(standing.find("a")).isEmpty();
    assertThat(about("w", "g3")).isEmpty();
    assertThat(standing.size()).isZero();
  }

  @Test
  void findsTheShortestFreshnessOfPresentQuestions() {
    assertThat(standing.shortestFreshness(0)).isEmpty();
    StandingQuestion.Builder hasty = Samples.standing("hasty", "v").toBuilder();
    standing.put("hasty", hasty.setFreshness(Durations.fromSeconds(2)).build());
    naming("a", "v");
    assertThat(standing.shortestFreshness(0)).hasValue(2_000);
    assertThat(standing.shortestFreshness(2_001)).hasValue(60_000);
    standing.remove("hasty");
    assertThat(standing.shortestFreshness(0)).hasValue(60_000);
    assertThat(standing.shortestFreshness(60_001)).isEmpty();
  }
}
