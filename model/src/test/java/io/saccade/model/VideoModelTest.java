package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.saccade.model.architecture.FastPathway;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.text.Conversation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VideoModelTest {
  private static final Conversation SIGN = Conversation.of("Which number does the sign show?");
  private static final Conversation GATE =
      Conversation.of("What colour is the car that stops at the gate?");

  private static VideoModel demo;
  private static VideoModel random;
  private static List<ByteBuffer> street;
  private static List<ByteBuffer> noise;

  @BeforeAll
  static void load() {
    demo = VideoModel.load(TestData.demoCheckpoint(), TestData.OPTIONS);
    random = VideoModel.load(TestData.randomCheckpoint(), TestData.OPTIONS);
    street = TestData.frames(TestData.demoCase());
    noise = TestData.frames(TestData.randomCase());
  }

  @AfterAll
  static void close() {
    demo.close();
    random.close();
  }

  @Test
  void saysHowToBeFed() {
    assertThat(demo.info())
        .isEqualTo(
            new ModelInfo(
                "saccade-demo",
                16,
                96,
                ResizeRule.SHORTEST_EDGE_CENTER_CROP,
                new FastPathway(1, 4, 3, 1),
                512,
                512,
                512,
                432,
                762_868));
  }

  @Test
  void answersQuestionsOnAClip() {
    try (ClipFeatures clip = demo.encode(street)) {
      assertThat(clip.fastTokens()).isEqualTo(4);
      assertThat(clip.slowTokens()).isEqualTo(144);
      assertThat(clip.bytes())
          .isEqualTo(4L * (4 * 96 + 2 * 2 * 2 * 144 * 24 + 4 * 2 * 2 * 24 * (4 + 14)))
          .isEqualTo(demo.clipBytes(16));

      Generation answer = generate(demo, clip, SIGN, GenerationOptions.defaults());

      assertThat(answer.text()).isEqualTo("3");
      assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(answer.ids()).containsExactly(18L, 420L);
      assertThat(answer.generatedTokens()).isEqualTo(2);
      assertThat(answer.promptTokens()).isEqualTo(27);
      assertThat(answer.fastTokens()).isEqualTo(4);
      assertThat(answer.slowTokens()).isEqualTo(144);
      assertThat(answer.prefill()).isPositive();
    }
  }

  @Test
  void decodesTheTextOfThePublicCode() {
    Path json = TestData.resource("s1t4/frames03.json");
    JsonConfig reference = JsonConfig.read(json, 1 << 20);
    try (ClipFeatures clip = random.encode(noise)) {
      GenerationOptions options = GenerationOptions.defaults().withMaxNewTokens(24);
      assertThat(generate(random, clip, GATE, options).text())
          .isEqualTo(reference.object("generated_reference").text("text"));
      assertThat(generate(random, clip, GATE, options.withDecodeMode(DecodeMode.ALL_TEXT)).text())
          .isEqualTo(reference.object("generated_all_text").text("text"));
    }
  }

  @Test
  void takesBuffersOfAnyKindAndLeavesThemAsTheyAre() {
    List<ByteBuffer> heap =
        street.stream()
            .map(
                frame ->
                    ByteBuffer.allocate(frame.remaining() + 7)
                        .position(7)
                        .put(frame.duplicate())
                        .position(7))
            .map(ByteBuffer::asReadOnlyBuffer)
            .toList();
    try (ClipFeatures clip = demo.encode(heap)) {
      assertThat(generate(demo, clip, SIGN, GenerationOptions.defaults()).text()).isEqualTo("3");
    }
    assertThat(heap).allMatch(frame -> frame.position() == 7);
  }

  @Test
  void servesOneThreadAfterAnother() throws InterruptedException {
    try (ClipFeatures clip = demo.encode(street)) {
      AtomicInteger right = new AtomicInteger();
      for (int i = 0; i < 3; i++) {
        Thread thread =
            new Thread(
                () -> {
                  if (generate(demo, clip, SIGN, GenerationOptions.defaults()).text().equals("3")) {
                    right.incrementAndGet();
                  }
                });
        thread.start();
        thread.join();
      }
      assertThat(right).hasValue(3);
    }
  }

  @Test
  void keepsClipsApart() {
    List<ByteBuffer> black =
        street.stream().map(frame -> ByteBuffer.allocate(frame.remaining())).toList();
    try (ClipFeatures first = demo.encode(street);
        ClipFeatures second = demo.encode(black)) {
      Generation before = generate(demo, second, SIGN, GenerationOptions.defaults());
      assertThat(generate(demo, first, SIGN, GenerationOptions.defaults()).text()).isEqualTo("3");
      assertThat(generate(demo, second, SIGN, GenerationOptions.defaults()).ids())
          .isEqualTo(before.ids());
    }
  }

  @Test
  void stopsAtTheLimitOfNewTokens() {
    try (ClipFeatures clip = random.encode(noise)) {
      Generation answer =
          generate(random, clip, GATE, GenerationOptions.defaults().withMaxNewTokens(3));
      assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(answer.ids()).containsExactly(166L, 395L, 378L);
    }
  }

  @Test
  void stopsWhenCancelled() {
    try (ClipFeatures clip = random.encode(noise)) {
      AtomicInteger asked = new AtomicInteger();
      Generation answer =
          random.generate(
              clip, GATE, GenerationOptions.defaults(), () -> asked.incrementAndGet() == 4);
      assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(answer.ids()).containsExactly(166L, 395L);

      Generation none = random.generate(clip, GATE, GenerationOptions.defaults(), () -> true);
      assertThat(none.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(none.text()).isEmpty();
    }
  }

  @Test
  void drawsTheSameForTheSameSeed() {
    GenerationOptions options =
        new GenerationOptions(
            DecodeMode.PROMPT,
            OptionalInt.of(12),
            OptionalDouble.of(2),
            OptionalDouble.of(0.95),
            OptionalInt.of(50),
            OptionalDouble.empty(),
            OptionalLong.of(1),
            List.of());
    try (ClipFeatures clip = random.encode(noise)) {
      List<Long> ids = generate(random, clip, GATE, options).ids();
      assertThat(generate(random, clip, GATE, options).ids()).isEqualTo(ids);
      assertThat(generate(random, clip, GATE, options.withSeed(2)).ids()).isNotEqualTo(ids);
      assertThat(generate(random, clip, GATE, options.withTemperature(0)).ids())
          .startsWith(166L, 395L);
    }
  }

  @Test
  void refusesAPromptThatIsTooLong() {
    try (ClipFeatures clip = demo.encode(street)) {
      assertThatExceptionOfType(PromptTooLongException.class)
          .isThrownBy(
              () ->
                  generate(
                      demo,
                      clip,
                      Conversation.of("car ".repeat(1000)),
                      GenerationOptions.defaults()))
          .satisfies(
              refused -> {
                assertThat(refused.tokens()).isGreaterThan(1000);
                assertThat(refused.limit()).isEqualTo(512);
              })
          .withMessageMatching(
              "The prompt has \\d+ tokens, fast tokens included, and the model takes 512: .*");
    }
  }

  @Test
  void leavesRoomForOneTokenAfterTheLongestPrompt() {
    try (ClipFeatures clip = demo.encode(street)) {
      int words =
          512
              - generate(demo, clip, Conversation.of("?"), GenerationOptions.defaults())
                  .promptTokens()
              - 4;
      Generation answer =
          generate(
              demo,
              clip,
              Conversation.of("?" + "\n?".repeat(words / 2)),
              GenerationOptions.defaults());
      assertThat(answer.promptTokens() + answer.fastTokens()).isBetween(500, 512);
      assertThat(answer.ids()).isNotEmpty();
    }
  }

  @Test
  void refusesMoreNewTokensThanTheLimit() {
    try (ClipFeatures clip = demo.encode(street)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> generate(demo, clip, SIGN, GenerationOptions.defaults().withMaxNewTokens(513)))
          .withMessage("maxNewTokens is 513, and this model allows 1 to 512");
    }
  }

  @Test
  void refusesFramesThatDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> demo.encode(List.of()))
        .withMessageContaining("has 0 frames");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> demo.encode(List.of(street.get(0), ByteBuffer.allocate(7))))
        .withMessage("A frame has 7 bytes, and 27648 are needed: 96 x 96 pixels of 3 bytes");
  }

  @Test
  void refusesFeaturesThatAreClosed() {
    ClipFeatures clip = demo.encode(street);
    clip.close();
    assertThatIllegalStateException().isThrownBy(clip::bytes);
    assertThatIllegalStateException()
        .isThrownBy(() -> generate(demo, clip, SIGN, GenerationOptions.defaults()));
  }

  /**
   * Chunks of frames are an internal matter: a clip longer than one is encoded as if it were one.
   */
  @Test
  void encodesMoreFramesThanAChunkHolds() {
    List<ByteBuffer> still = Collections.nCopies(200, noise.get(0));
    try (ClipFeatures clip = random.encode(still);
        ClipFeatures two = random.encode(still.subList(0, 2))) {
      assertThat(clip.slowTokens()).isEqualTo(800);
      assertThat(clip.fastTokens()).isEqualTo(200);
      float[] all = clip.fast().toFloatArray();
      float[] few = two.fast().toFloatArray();
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).isCloseTo(few[i % (few.length / 2)], within(1e-5f));
      }
    }
  }

  private static Generation generate(
      VideoModel model, ClipFeatures clip, Conversation conversation, GenerationOptions options) {
    return model.generate(clip, conversation, options, () -> false);
  }
}
