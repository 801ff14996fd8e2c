package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Work that waits")
final class PendingWorkTest {

  private final PendingWork<Question> waiting = new PendingWork<>();
  private long offset;

  @Test
  @DisplayName("takes turns by key: one with many records holds up no other")
  void turns() {
    addAll("hot", "hot", "hot", "hot", "calm", "other", "calm");

    assertThat(poll(7)).containsExactly("hot", "calm", "other", "hot", "calm", "hot", "hot");
  }

  @Test
  @DisplayName("of a key that comes later is next, however long another's queue is")
  void lateKey() {
    addAll("hot", "hot", "hot", "hot", "hot", "hot");
    assertThat(poll(3)).containsExactly("hot", "hot", "hot");
    addAll("late", "hot", "late");

    assertThat(poll(6)).containsExactly("late", "hot", "late", "hot", "hot", "hot");
  }

  @Test
  @DisplayName("of one key keeps its order, and a lower rank goes first whoever's turn it is")
  void rankBeforeTurn() {
    add("standing", 5);
    add("standing", 4);
    add("asked", 0);
    add("asked", 0);

    List<Long> ranks = new ArrayList<>();
    waiting.poll(9, entry -> true).forEach(entry -> ranks.add(entry.rank()));
    assertThat(ranks).containsExactly(0L, 0L, 4L, 5L);
    assertThat(waiting.size()).isZero();
  }

  private void addAll(String... keys) {
    for (String key : keys) {
      add(key, 0);
    }
  }

  private void add(String key, long rank) {
    Question question = Question.newBuilder().setVideoId(key).build();
    Work<Question> work =
        new Work<>(question, new TopicPartition("questions", 0), offset++, 0, "", new Nobody());
    waiting.add(waiting.entry(work, RecordState.FRESH, rank, key));
  }

  private List<String> poll(int places) {
    return waiting.poll(places, entry -> true).stream()
        .map(entry -> entry.work().message().getVideoId())
        .toList();
  }

  private static final class Nobody implements Work.Host<Question> {

    @Override
    public void ended(Work<Question> work) {}

    @Override
    public void again(
        Work<Question> work, Supplier<? extends CompletionStage<?>> effect, Throwable failure) {}

    @Override
    public void bury(Work<Question> work, String reason) {}
  }
}
