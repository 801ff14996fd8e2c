package io.saccade.router.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.router.RouterLimits;
import io.saccade.router.streams.RouterHarness;
import io.saccade.router.streams.Samples;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenQuestionsTest {

  private static final long NOW = RouterHarness.START.toEpochMilli();

  private MockProcessorContext<Void, Void> context;
  private List<StateStore> stores;
  private OpenQuestions questions;

  @BeforeEach
  void open(@TempDir Path stateDir) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    context = new MockProcessorContext<>(settings, new TaskId(0, 0), stateDir.toFile());
    stores =
        OpenQuestions.stores(RouterLimits.DEFAULT).stream()
            .map(builder -> (StateStore) builder.withLoggingDisabled().build())
            .toList();
    for (StateStore store : stores) {
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
    }
    questions = new OpenQuestions(context, RouterLimits.DEFAULT);
  }

  @AfterEach
  void close() {
    stores.forEach(StateStore::close);
  }

  private static OpenQuestion question(String id, QuestionState state, long wakeAt) {
    OpenQuestion.Builder question =
        OpenQuestion.newBuilder()
            .setQuestion(Samples.question("v", id))
            .setState(state)
            .setWakeAt(wakeAt);
    if (state != QuestionState.UNSETTLED) {
      question.getClipBuilder().setClipId("c".repeat(32));
    }
    return question.build();
  }

  private static List<String> ids(List<OpenQuestion> found) {
    return found.stream().map(question -> question.getQuestion().getQuestionId()).toList();
  }

  @Test
  void questionsAreFoundByWhatTheyWaitFor() {
    questions.put(question("a", QuestionState.UNSETTLED, NOW + 1));
    questions.put(question("b", QuestionState.WAITING_CLIP, NOW + 3));
    questions.put(question("c", QuestionState.REQUESTED, NOW + 2));
    assertThat(ids(questions.unsettled())).containsExactly("a");
    assertThat(ids(questions.unsettled("v"))).containsExactly("a");
    assertThat(questions.unsettled("")).isEmpty();
    assertThat(ids(questions.parkedOn("c".repeat(32)))).containsExactly("b");
    assertThat(questions.due(NOW)).isEmpty();
    assertThat(ids(questions.due(NOW + 2))).containsExactly("a", "c");
    assertThat(questions.size()).isEqualTo(3);
  }

  @Test
  void replacedQuestionLeavesNoTrace() {
    questions.put(question("a", QuestionState.UNSETTLED, NOW + 1));
    questions.put(question("a", QuestionState.WAITING_CLIP, NOW + 9));
    assertThat(questions.unsettled()).isEmpty();
    assertThat(questions.due(NOW + 8)).isEmpty();
    assertThat(questions.size()).isEqualTo(1);
  }

  @Test
  void closedQuestionIsKnownButNotOpen() {
    OpenQuestion question = question("a", QuestionState.REQUESTED, NOW + 1);
    questions.put(question);
    questions.close(question, NOW);
    assertThat(questions.find("v", "a")).isEmpty();
    assertThat(questions.size()).isZero();
    assertThat(questions.due(Long.MAX_VALUE - 1)).isEmpty();
    assertThat(questions.isKnown(question.getQuestion(), NOW)).isTrue();
    assertThat(questions.isKnown(Samples.question("v", "b"), NOW)).isFalse();
  }

  @Test
  void aQuestionThatARouterClosedWhoseClockIsAheadIsKnown() {
    questions.close(question("a", QuestionState.REQUESTED, NOW + 1), NOW + 5_000);
    assertThat(questions.isKnown(Samples.question("v", "a"), NOW)).isTrue();
  }

  @Test
  void theIndexIsMadeAnewFromTheQuestions() {
    questions.put(question("a", QuestionState.UNSETTLED, NOW + 1));
    questions.put(question("b", QuestionState.WAITING_CLIP, NOW + 2));
    OpenQuestions again = new OpenQuestions(context, RouterLimits.DEFAULT);
    assertThat(ids(again.unsettled())).containsExactly("a");
    assertThat(ids(again.parkedOn("c".repeat(32)))).containsExactly("b");
    assertThat(again.size()).isEqualTo(2);
  }

  @Test
  void windowsOfStandingQuestionsAreCountedApart() {
    OpenQuestion window =
        question("s#1", QuestionState.REQUESTED, NOW + 1).toBuilder().setStandingId("s").build();
    questions.put(window);
    questions.put(question("a", QuestionState.REQUESTED, NOW + 2));
    assertThat(questions.size()).isEqualTo(2);
    assertThat(questions.asked()).isEqualTo(1);
    assertThat(questions.requested("v")).isEqualTo(2);
    questions.close(window, NOW);
    assertThat(questions.asked()).isEqualTo(1);
    assertThat(questions.requested("v")).isEqualTo(1);
    assertThat(questions.requested("w")).isZero();
    assertThat(questions.isKnown(window.getQuestion(), NOW)).isFalse();
  }
}
