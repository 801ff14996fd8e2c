package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.config.Sampling;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.model.text.Conversation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that join and leave a batch at any token get what they get alone. */
class BatchTest {
  private static final List<String> QUESTIONS =
      List.of(
          "What colour is the car that stops at the gate?",
          "Where?",
          "Is there a dog, and if so, what does it do before the bus comes? Think of the colours.",
          "How many red cars?");

  private static VideoModel model;
  private static List<ClipFeatures> clips;

  @BeforeAll
  static void load() {
    model = VideoModel.load(TestData.randomCheckpoint(), TestData.OPTIONS);
    List<ByteBuffer> frames = TestData.frames(TestData.randomCase());
    clips =
        List.of(
            model.encode(frames),
            model.encode(List.of(frames.get(2), frames.get(0), frames.get(1), frames.get(2))),
            model.encode(frames.subList(1, 2)));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** A question with everything that decides its answer. */
  private record Asked(int clip, String question, DecodeMode mode, int tokens) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesWhatEachGetsAlone(long seed) {
    Random random = new Random(seed);
    List<Asked> waiting = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      waiting.add(
          new Asked(
              random.nextInt(clips.size()),
              QUESTIONS.get(random.nextInt(QUESTIONS.size())),
              random.nextBoolean() ? DecodeMode.PROMPT : DecodeMode.ALL_TEXT,
              1 + random.nextInt(20)));
    }
    List<Running> running = new ArrayList<>();
    while (!waiting.isEmpty() || !running.isEmpty()) {
      while (!waiting.isEmpty() && running.size() < 6 && random.nextInt(3) > 0) {
        running.add(new Running(waiting.remove(0)));
      }
      if (!running.isEmpty()) {
        model.decode(running.stream().map(Running::sequence).toList());
      }
      running.removeIf(Running::leave);
    }
  }

  /** A question under way, whose logits are noted. */
  private static final class Running {
    private final Asked asked;
    private final List<float[]> logits = new ArrayList<>();
    private final Sequence sequence;

    Running(Asked asked) {
      this.asked = asked;
      this.sequence = prefilled(asked, logits);
    }

    Sequence sequence() {
      return sequence;
    }

    /** Whether it is finished; then it was right. */
    boolean leave() {
      if (sequence.finished()) {
        List<float[]> alone = new ArrayList<>();
        assertThat(sequence.generation().ids()).isEqualTo(alone(asked, alone));
        for (int i = 0; i < alone.size(); i++) {
          assertNear(logits.get(i), alone.get(i));
        }
        sequence.close();
      }
      return sequence.finished();
    }
  }

  private static List<Long> alone(Asked asked, List<float[]> logits) {
    try (Sequence sequence = prefilled(asked, logits)) {
      while (!sequence.finished()) {
        model.decode(List.of(sequence));
      }
      return sequence.generation().ids();
    }
  }

  private static Sequence prefilled(Asked asked, List<float[]> logits) {
    ClipFeatures clip = clips.get(asked.clip());
    Sequence.Chooser chooser =
        (values, generated) -> {
          logits.add(values);
          return new Sampling(0, 0, 1, 1).next(values, generated, new Random(0));
        };
    Sequence.Request request =
        new Sequence.Request(
            model.promptFormat().after(Conversation.of(asked.question())),
            clip.prefixTokens(),
            clip.fastTokens(),
            asked.mode(),
            true,
            asked.tokens() + 1,
            Set.of(),
            Optional.of(chooser));
    Sequence sequence = model.sequence(request, List.of());
    sequence.begin(clip);
    assertThat(sequence.prefill()).isTrue();
    return sequence;
  }

  private static void assertNear(float[] found, float[] expected) {
    double magnitude = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) found[i] - expected[i]));
    }
    assertThat(difference / magnitude).isLessThan(1e-4);
  }

  /** Greedy tokens are chosen in the graph, others on the host. */
  @Test
  void mixesWaysOfChoosing() {
    ClipFeatures clip = clips.get(0);
    GenerationOptions greedy = GenerationOptions.defaults().withMaxNewTokens(12);
    List<GenerationOptions> ways =
        List.of(
            greedy,
            greedy.withTemperature(2).withSeed(1),
            greedy,
            greedy.withTemperature(2).withSeed(2));
    Map<Integer, List<Long>> alone = new HashMap<>();
    List<Sequence> batch = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      Conversation question = Conversation.of(QUESTIONS.get(i));
      alone.put(i, model.generate(clip, question, ways.get(i), () -> false).ids());
      Sequence sequence = model.sequence(question, ways.get(i), clip.frames());
      sequence.begin(clip);
      sequence.prefill();
      batch.add(sequence);
    }
    while (batch.stream().anyMatch(Sequence::decoding)) {
      model.decode(batch.stream().filter(Sequence::decoding).toList());
    }
    for (int i = 0; i < ways.size(); i++) {
      assertThat(batch.get(i).generation().ids()).isEqualTo(alone.get(i));
      batch.get(i).close();
    }
  }

  @Test
  void streamsTheTextOfTheAnswer() {
    try (Sequence sequence =
        model.sequence(
            Conversation.of(QUESTIONS.get(0)),
            GenerationOptions.defaults().withMaxNewTokens(60),
            clips.get(0).frames())) {
      sequence.begin(clips.get(0));
      StringBuilder streamed = new StringBuilder();
      sequence.prefill();
      while (!sequence.finished()) {
        streamed.append(sequence.takeText());
        model.decode(List.of(sequence));
      }
      streamed.append(sequence.takeText());
      assertThat(streamed).hasToString(sequence.generation().text()).isNotEmpty();
    }
  }

  @Test
  void endsAtAStopString() {
    ClipFeatures clip = clips.get(0);
    Conversation question = Conversation.of(QUESTIONS.get(0));
    GenerationOptions options = GenerationOptions.defaults().withMaxNewTokens(40);
    String whole = model.generate(clip, question, options, () -> false).text();
    String stop = whole.substring(5, 8);

    Generation stopped =
        model.generate(clip, question, options.withStop(List.of("no", stop)), () -> false);

    assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(stopped.generatedTokens()).isLessThan(40);
  }

  @Test
  void knowsBytesBeforehand() {
    ClipFeatures clip = clips.get(1);
    assertThat(clip.bytes()).isEqualTo(model.clipBytes(4));
    try (Sequence sequence =
        model.sequence(
            Conversation.of("?"), GenerationOptions.defaults().withMaxNewTokens(10), 4)) {
      assertThat(sequence.bytes()).isEqualTo((sequence.promptTokens() + 10L) * 4 * 2 * 2 * 16 * 4);
    }
  }

  @Test
  void refusesSequencesThatAreNotDecoding() {
    try (Sequence sequence =
        model.sequence(Conversation.of("?"), GenerationOptions.defaults(), 3)) {
      assertThatIllegalArgumentException().isThrownBy(() -> model.decode(List.of(sequence)));
      assertThatIllegalArgumentException().isThrownBy(() -> model.decode(List.of()));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sequence.begin(clips.get(2)))
          .withMessageContaining("this sequence was made for");
    }
  }

  /** More than any address space holds. */
  @Test
  void saysThatMemoryRanOut() {
    try (NDManager scope = model.graph().newScope()) {
      assertThatExceptionOfType(ModelMemoryException.class)
          .isThrownBy(() -> model.graph().newMemory(1L << 45, scope))
          .withMessage("There is no memory left for new_memory");
    }
    assertThat(alone(new Asked(0, QUESTIONS.get(1), DecodeMode.PROMPT, 3), new ArrayList<>()))
        .hasSize(4);
  }
}
