package io.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.Question;
import io.saccade.worker.Engine.Answering;
import io.saccade.worker.Engine.Looking;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedEngineTest {

  private final SimulatedEngine engine = new SimulatedEngine("simulated", Duration.ofMillis(1));

  @Test
  void anAnswerFollowsFromQuestionAndPixels() {
    String text = answer(question("why?", 1), clip(1));

    assertThat(text).matches("[0-9a-f]{8}");
    assertThat(SimulatedEngine.answer("why?", clip(1))).isEqualTo(text);
    assertThat(answer(question("how?", 1), clip(1))).isNotEqualTo(text);
    assertThat(answer(question("why?", 1), clip(2))).isNotEqualTo(text);
  }

  @Test
  void theManifestSaysWhatTheAnswerWillBe() {
    ClipManifest.Builder manifest = ClipManifest.newBuilder();
    for (ByteBuffer frame : clip(1)) {
      ByteString stored = ByteString.copyFrom(frame.duplicate());
      manifest.addFrames(FrameEntry.newBuilder().setCrc32C(FrameEncoding.crc32c(stored)));
    }

    assertThat(SimulatedEngine.answer("why?", manifest.build()))
        .isEqualTo(SimulatedEngine.answer("why?", clip(1)));
  }

  @Test
  void theTextComesWithTheLastToken() {
    Answering answering = begun(question("why?", 3), clip(1));
    assertThat(answering.finished()).isFalse();

    engine.decode(List.of(answering));
    assertThat(answering.takeText()).isEmpty();
    engine.decode(List.of(answering));

    assertThat(answering.finished()).isTrue();
    assertThat(answering.takeText()).isEqualTo(answering.generation().text());
    assertThat(answering.takeText()).isEmpty();
    assertThat(answering.generation().generatedTokens()).isEqualTo(3);
  }

  @Test
  void aPieceTakesItsTime() {
    Duration latency = Duration.ofMillis(20);
    try (SimulatedEngine slow = new SimulatedEngine("slow", latency);
        Looking look = slow.looking(clip(1))) {
      long begin = System.nanoTime();
      look.step();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(latency);
    }
  }

  @Test
  void whatNoClipOrOptionHasIsRefused() {
    assertThatThrownBy(() -> engine.looking(List.of(ByteBuffer.allocate(7))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> engine.answering(question("why?", -1), SimulatedEngine.FRAMES))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String answer(Question question, List<ByteBuffer> frames) {
    return begun(question, frames).generation().text();
  }

  private Answering begun(Question question, List<ByteBuffer> frames) {
    try (Looking look = engine.looking(frames)) {
      assertThat(look.step()).isTrue();
      Answering answering = engine.answering(question, frames.size());
      answering.begin(look.clip());
      assertThat(answering.prefill()).isTrue();
      return answering;
    }
  }

  private static List<ByteBuffer> clip(int grey) {
    return IntStream.range(0, SimulatedEngine.FRAMES).mapToObj(i -> frame(grey + i)).toList();
  }

  private static ByteBuffer frame(int grey) {
    byte[] pixels = new byte[3 * SimulatedEngine.IMAGE_SIZE * SimulatedEngine.IMAGE_SIZE];
    Arrays.fill(pixels, (byte) grey);
    return ByteBuffer.wrap(pixels);
  }

  private static Question question(String text, int tokens) {
    return Question.newBuilder()
        .setText(text)
        .setOptions(GenerationOptions.newBuilder().setMaxNewTokens(tokens))
        .build();
  }
}
