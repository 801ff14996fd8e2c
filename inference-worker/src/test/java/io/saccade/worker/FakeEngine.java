package io.saccade.worker;

import io.saccade.model.FinishReason;
import io.saccade.model.Generation;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Says how often it was asked what, and answers with the grey level of each frame. */
final class FakeEngine implements Engine {

  static final int SIZE = 2;

  int encoded;
  RuntimeException failure;
  final List<FakeClip> clips = new ArrayList<>();

  @Override
  public ModelCard card() {
    return ModelCard.newBuilder()
        .setName("fake")
        .setProfile(SamplingProfile.newBuilder().setImageSize(SIZE))
        .build();
  }

  @Override
  public Clip encode(List<ByteBuffer> frames) {
    encoded++;
    FakeClip clip = new FakeClip(100, frames.stream().map(frame -> (int) frame.get(0)).toList());
    clips.add(clip);
    return clip;
  }

  @Override
  public Generation generate(Clip clip, Question question, BooleanSupplier cancelled) {
    if (failure != null) {
      throw failure;
    }
    FakeClip fake = (FakeClip) clip;
    if (fake.closed) {
      throw new IllegalStateException("read after close");
    }
    return new Generation(
        question.getText() + fake.greys,
        cancelled.getAsBoolean() ? FinishReason.CANCELLED : FinishReason.STOP,
        7,
        8,
        9,
        List.of(1L, 2L),
        Duration.ofMillis(3),
        Duration.ofMillis(4),
        List.of());
  }

  @Override
  public void close() {}

  /** Knows whether it was closed. */
  static final class FakeClip implements Clip {

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
      closed = true;
    }
  }
}
