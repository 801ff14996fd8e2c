package io.saccade.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.ConfigException;
import io.saccade.proto.Topics;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

  @Test
  void framesAreKeptByBytesAndTimeInSegmentsThatCanBeDeleted() {
    TopicPlan plan = new TopicPlan(4, (short) 1, 256L << 20);

    assertThat(plan.settingsOf(Topics.FRAMES))
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", Long.toString(Topics.FRAMES.retention().toMillis()))
        .containsEntry("retention.bytes", Long.toString(64L << 20))
        .containsEntry("segment.bytes", Long.toString(16L << 20));
  }

  @Test
  void otherTopicsAreAsTheContractSays() {
    assertThat(TopicPlan.DEFAULT.settingsOf(Topics.ANSWERS)).isEqualTo(Topics.ANSWERS.settings());
    assertThat(TopicPlan.DEFAULT.partitionsOf(Topics.ANSWERS)).isEqualTo(4);
    assertThat(TopicPlan.DEFAULT.partitionsOf(Topics.MODELS)).isEqualTo(1);
  }

  @Test
  void allMistakesAreNamedTogether() {
    assertThatThrownBy(() -> new TopicPlan(0, (short) 0, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("partitions=0", "replication-factor=0", "frames-retention=1");
  }
}
