package io.saccade.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.saccade.model.FinishReason;
import io.saccade.model.Generation;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * An engine without a model, for tests and benches of everything around it: each piece takes a
 * fixed time without taking a processor, and an answer follows from what it was really given. A
 * look at a clip is one piece, a prompt is one and brings the first token, and each further token
 * of all answers under way is one. An answer has one token, or as many as {@code max_new_tokens}
 * asks for; its text comes with the last.
 */
public final class SimulatedEngine implements Engine {

  /** What the model is called unless told otherwise. */
  public static final String NAME = "simulated";

  /**
   * A question whose text holds this ends the process when its prompt is done, as a crash in native
   * code would.
   */
  public static final String HALT = "[halt]";

  /** Frames of a clip, of {@value #IMAGE_SIZE} pixels each. */
  public static final int FRAMES = 4;

  /** Height and width of a frame in pixels. */
  public static final int IMAGE_SIZE = 32;

  private static final int FRAME_BYTES = 3 * IMAGE_SIZE * IMAGE_SIZE;
  private static final int ANSWER_BYTES = 1 << 10;
  private static final int MAX_TOKENS = 10_000;

  /** As of a process that was killed for its memory. */
  private static final int HALTED = 137;

  private final Duration latency;
  private final ModelCard card;

  /**
   * An engine with {@value #FRAMES} frames of {@value #IMAGE_SIZE} pixels.
   *
   * @param name what questions call the model
   * @param latency time of each piece, at least 0
   */
  public SimulatedEngine(String name, Duration latency) {
    this.latency = latency;
    this.card =
        ModelCard.newBuilder()
            .setName(name)
            .setDescription("Answers with a hash of the question and the clip.")
            .setProfile(
                SamplingProfile.newBuilder()
                    .setFrames(FRAMES)
                    .setImageSize(IMAGE_SIZE)
                    .setResize(ResizeRule.SHORTEST_EDGE_CENTER_CROP)
                    .setPolicy(SamplingPolicy.UNIFORM)
                    .setFastStride(1)
                    .setMinFastFrames(1))
            .setMaxPromptTokens(MAX_TOKENS)
            .setMaxNewTokens(MAX_TOKENS)
            .build();
  }

  /**
   * The answer to a question about these frames, eight hexadecimal digits.
   *
   * @param frames one buffer a position, as an engine is given them
   */
  public static String answer(String question, List<ByteBuffer> frames) {
    return answer(question, frames.stream().mapToInt(SimulatedEngine::crc32c).toArray());
  }

  /**
   * The answer to a question about a clip whose frames lie in the log as raw pixels, so that the
   * manifest's checksums are theirs.
   */
  public static String answer(String question, ClipManifest clip) {
    return answer(
        question, clip.getFramesList().stream().mapToInt(FrameEntry::getCrc32C).toArray());
  }

  private static String answer(String question, int[] checksums) {
    ByteBuffer clip = ByteBuffer.allocate(Integer.BYTES * checksums.length);
    clip.asIntBuffer().put(checksums);
    CRC32C crc = new CRC32C();
    crc.update(clip);
    crc.update(question.getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static int crc32c(ByteBuffer frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame.duplicate());
    return (int) crc.getValue();
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public long clipBytes(int frames) {
    return (long) FRAME_BYTES * frames;
  }

  @Override
  public Looking looking(List<ByteBuffer> frames) {
    for (ByteBuffer frame : frames) {
      if (frame.remaining() != FRAME_BYTES) {
        throw new IllegalArgumentException(
            "a frame has %d bytes, not %d".formatted(frame.remaining(), FRAME_BYTES));
      }
    }
    return new Look(frames);
  }

  @Override
  public Answering answering(Question question, int frames) {
    int tokens =
        question.getOptions().hasMaxNewTokens() ? question.getOptions().getMaxNewTokens() : 1;
    if (tokens < 1 || tokens > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "max_new_tokens=%s: must be 1 to %d"
              .formatted(Integer.toUnsignedString(tokens), MAX_TOKENS));
    }
    return new Answer(question.getText(), frames, tokens);
  }

  @Override
  public void decode(List<Answering> batch) {
    compute();
    batch.forEach(answering -> ((Answer) answering).tokens++);
  }

  @Override
  public void close() {}

  /** Takes the time of a piece; less if the thread is interrupted. */
  private void compute() {
    long end = System.nanoTime() + latency.toNanos();
    for (long left = latency.toNanos();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  /** A look in one piece. */
  private final class Look implements Looking {

    private final List<ByteBuffer> frames;

    Look(List<ByteBuffer> frames) {
      this.frames = frames;
    }

    @Override
    public boolean step() {
      compute();
      return true;
    }

    @Override
    public Clip clip() {
      return new Seen(frames.stream().mapToInt(SimulatedEngine::crc32c).toArray());
    }

    @Override
    public void close() {}
  }

  /** What is kept of a clip. */
  private static final class Seen implements Clip {

    private final int[] checksums;

    Seen(int[] checksums) {
      this.checksums = checksums;
    }

    @Override
    public long bytes() {
      return (long) FRAME_BYTES * checksums.length;
    }

    @Override
    public void close() {}
  }

  /** An answer that is there with its last token. */
  private final class Answer implements Answering {

    private final String question;
    private final int frames;
    private final int wanted;
    private Seen clip;
    private int tokens;
    private boolean told;

    Answer(String question, int frames, int wanted) {
      this.question = question;
      this.frames = frames;
      this.wanted = wanted;
    }

    @Override
    public long bytes() {
      return ANSWER_BYTES;
    }

    @Override
    public void begin(Clip on) {
      clip = (Seen) on;
    }

    @Override
    public boolean prefill() {
      compute();
      if (question.contains(HALT)) {
        Runtime.getRuntime().halt(HALTED);
      }
      tokens = 1;
      return true;
    }

    @Override
    public boolean finished() {
      return tokens >= wanted;
    }

    @Override
    public String takeText() {
      if (told || !finished()) {
        return "";
      }
      told = true;
      return text();
    }

    private String text() {
      return answer(question, clip.checksums);
    }

    @Override
    public Generation generation() {
      return new Generation(
          text(),
          FinishReason.STOP,
          1,
          frames,
          frames,
          LongStream.range(0, tokens).boxed().toList(),
          latency,
          latency.multipliedBy(tokens - 1L),
          Collections.nCopies(frames, 1.0 / frames));
    }

    @Override
    public void close() {}
  }
}
