package io.saccade.worker;

import io.saccade.model.FinishReason;
import io.saccade.model.Generation;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Answers with the question's text and the grey level of each frame, a character a token. A look
 * takes a piece a frame, a prompt one for each {@value #PROMPT_PIECE} characters. Complains about
 * what no engine would stand: use after close, a clip that is closed under an answer.
 */
final class FakeEngine implements Engine {

  static final int SIZE = 2;
  static final int PROMPT_PIECE = 10;

  /** Of an answer whose question's options do not say otherwise. */
  long answerBytes = 10;

  long frameBytes = 100;

  /** Told of each piece before it is computed, for example {@code decode q-1 q-2}; may throw. */
  Consumer<String> before = piece -> {};

  /** Whether an answer of this question is refused when it is prepared. */
  RuntimeException refusal;

  final List<String> pieces = new ArrayList<>();
  final List<FakeClip> clips = new ArrayList<>();
  final List<FakeLooking> looks = new ArrayList<>();
  final List<FakeAnswering> answers = new ArrayList<>();

  @Override
  public ModelCard card() {
    return ModelCard.newBuilder()
        .setName("fake")
        .setProfile(SamplingProfile.newBuilder().setImageSize(SIZE))
        .build();
  }

  /** An exception as the engine throws it when there is no memory. */
  static ModelMemoryException noMemory() {
    return new ModelMemoryException("no memory", null);
  }

  /** Bytes of clips, and of answers that have begun, that are not closed. */
  long bytesInUse() {
    return clips.stream().filter(clip -> !clip.closed).mapToLong(FakeClip::bytes).sum()
        + running().stream().mapToLong(FakeAnswering::bytes).sum();
  }

  /** Answers that have begun and are not closed. */
  List<FakeAnswering> running() {
    return answers.stream().filter(answer -> answer.clip != null && !answer.closed).toList();
  }

  /** Whether everything that was handed out was closed. */
  boolean allClosed() {
    return clips.stream().allMatch(clip -> clip.closed)
        && looks.stream().allMatch(look -> look.closed)
        && answers.stream().allMatch(answer -> answer.closed);
  }

  /** How many pieces of this kind there were. */
  long count(Predicate<String> kind) {
    return pieces.stream().filter(kind).count();
  }

  private void compute(String piece) {
    before.accept(piece);
    pieces.add(piece);
  }

  @Override
  public long clipBytes(int frames) {
    return frames * frameBytes;
  }

  @Override
  public Looking looking(List<ByteBuffer> frames) {
    FakeLooking looking = new FakeLooking(frames);
    looks.add(looking);
    return looking;
  }

  @Override
  public Answering answering(Question question, int frames) {
    if (refusal != null) {
      throw refusal;
    }
    FakeAnswering answering = new FakeAnswering(question, frames);
    answers.add(answering);
    return answering;
  }

  @Override
  public void decode(List<Answering> batch) {
    List<FakeAnswering> fakes = batch.stream().map(each -> (FakeAnswering) each).toList();
    fakes.forEach(FakeAnswering::requireRunning);
    compute("decode " + String.join(" ", fakes.stream().map(FakeAnswering::id).toList()));
    for (FakeAnswering answer : fakes) {
      before.accept("token " + answer.id());
      answer.tokens++;
    }
  }

  @Override
  public void close() {}

  private static void require(boolean rule, String otherwise) {
    if (!rule) {
      throw new AssertionError(otherwise);
    }
  }

  /** A look, one piece a frame. */
  final class FakeLooking implements Looking {

    private final List<Integer> greys;
    private int looked;
    boolean closed;

    FakeLooking(List<ByteBuffer> frames) {
      this.greys = frames.stream().map(frame -> (int) frame.get(0)).toList();
    }

    @Override
    public boolean step() {
      require(!closed, "look after close");
      compute("look " + greys.get(looked));
      return ++looked == greys.size();
    }

    @Override
    public Clip clip() {
      require(looked == greys.size(), "half a look");
      FakeClip clip = new FakeClip(greys.size() * frameBytes, greys);
      clips.add(clip);
      return clip;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Knows whether it was closed. */
  final class FakeClip implements Clip {

    final List<Integer> greys;
    boolean closed;
    private final long bytes;

    FakeClip(long bytes, List<Integer> greys) {
      this.bytes = bytes;
      this.greys = greys;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      require(!closed, "a clip closed twice");
      require(
          answers.stream().allMatch(answer -> answer.closed || answer.clip != this),
          "a clip closed under an answer");
      closed = true;
    }
  }

  /** An answer, a character a token; its bytes are the question's seed if it has one. */
  final class FakeAnswering implements Answering {

    final Question question;
    private final int frames;
    FakeClip clip;
    private int prompted;
    private int tokens;
    private int told;
    boolean closed;

    FakeAnswering(Question question, int frames) {
      this.question = question;
      this.frames = frames;
    }

    String id() {
      return question.getQuestionId();
    }

    private String text() {
      return question.getText() + clip.greys;
    }

    @Override
    public long bytes() {
      return question.getOptions().hasSeed() ? question.getOptions().getSeed() : answerBytes;
    }

    @Override
    public void begin(Clip on) {
      FakeClip fake = (FakeClip) on;
      require(clip == null && !fake.closed && fake.greys.size() == frames, "begun wrongly");
      compute("begin " + id());
      clip = fake;
    }

    @Override
    public boolean prefill() {
      require(clip != null && !closed, "a prompt before its time");
      compute("prefill " + id());
      prompted += PROMPT_PIECE;
      if (prompted < question.getText().length()) {
        return false;
      }
      tokens = 1;
      return true;
    }

    void requireRunning() {
      require(tokens > 0 && !closed && !finished() && !clip.closed, "no token for this one");
    }

    @Override
    public boolean finished() {
      return tokens >= text().length();
    }

    @Override
    public String takeText() {
      String text = text().substring(told, Math.min(tokens, text().length()));
      told += text.length();
      return text;
    }

    @Override
    public Generation generation() {
      require(finished(), "half an answer");
      return new Generation(
          text(),
          FinishReason.STOP,
          7,
          8,
          9,
          LongStream.range(0, tokens).boxed().toList(),
          Duration.ofMillis(3),
          Duration.ofMillis(4),
          Collections.nCopies(frames, 1.0 / frames));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
