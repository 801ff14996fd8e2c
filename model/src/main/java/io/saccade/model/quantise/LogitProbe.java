package io.saccade.model.quantise;

import io.saccade.model.Checkpoint;
import io.saccade.model.ModelInfo;
import io.saccade.model.Sequence;
import io.saccade.model.VideoModel;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.Sampling;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.graph.WideCopies;
import io.saccade.model.text.Conversation;
import io.saccade.model.verify.Verifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures how far the logits of a checkpoint's copies are from its own, without any data: on clips
 * of moving colour gradients with noise, the same each time, and fixed questions. Compared are the
 * logits that follow the prompt, with the cross-attention open and closed, and those of the next
 * tokens in both decode modes, where a copy is given the tokens that the original chose.
 *
 * <p>Models are loaded one after another and closed, so that there is memory for one at a time.
 */
final class LogitProbe {
  private static final Sampling GREEDY = new Sampling(0, 0, 1, 1);
  private static final int TOKENS = 8;
  private static final int QUICK_CLIPS = 2;
  private static final int MAX_FRAMES = 16;
  private static final int LARGE_SIDE = 300; // towers for such frames are slow
  private static final long EXACT_PARAMETERS = 1_000_000_000; // above, float32 needs too much
  private static final List<String> QUESTIONS =
      List.of(
          "What colour is the car?",
          "Describe what happens in this video, from its beginning to its end, in one paragraph.",
          "How many people are there?",
          "Someone says that a parcel was left at the door while nobody was at home. Is that what"
              + " can be seen here, and if so, who left it, and which way did they go afterwards?");

  private final ModelOptions engine;
  private final List<Passage> reference;

  /** The logits [tokens, V] of a generation, and the tokens that they led to. */
  private record Passage(List<Long> ids, List<float[]> logits) {}

  /**
   * Computes what copies are compared with.
   *
   * @param original folder of the checkpoint that is not quantised
   * @param engine device and threads
   */
  LogitProbe(Path original, ModelOptions engine) {
    this.engine = engine.withWideCopies(WideCopies.NEVER); // a copy is loaded for few prompts
    boolean exact = Checkpoint.open(original).parameters() <= EXACT_PARAMETERS;
    this.reference =
        passages(original, exact ? Precision.EXACT : Precision.AUTO, QUESTIONS.size(), List.of());
  }

  /**
   * The smallest cosine of any tensor of logits; -1 where one is not finite.
   *
   * @param copy folder of a checkpoint of the same model
   * @param precision what it computes in, if it is not quantised
   */
  double cosine(Path copy, Precision precision) {
    return cosine(copy, precision, QUESTIONS.size());
  }

  /** The same of the first clips alone, to compare copies with each other. */
  double quickCosine(Path copy, Precision precision) {
    return cosine(copy, precision, QUICK_CLIPS);
  }

  private double cosine(Path copy, Precision precision, int clips) {
    List<Passage> found = passages(copy, precision, clips, reference);
    return IntStream.range(0, found.size())
        .mapToDouble(i -> cosine(reference.get(i).logits(), found.get(i).logits()))
        .min()
        .orElseThrow();
  }

  /** The first logits also count alone: they decide short answers. */
  private static double cosine(List<float[]> expected, List<float[]> found) {
    double first = Verifier.cosine(expected.get(0), found.get(0));
    double all = Verifier.cosine(joined(expected), joined(found));
    double least = Math.min(first, all);
    return Double.isFinite(least) ? least : -1;
  }

  private static float[] joined(List<float[]> logits) {
    int width = logits.get(0).length;
    float[] joined = new float[logits.size() * width];
    for (int i = 0; i < logits.size(); i++) {
      System.arraycopy(logits.get(i), 0, joined, i * width, width);
    }
    return joined;
  }

  /**
   * What a checkpoint computes.
   *
   * @param given passages whose tokens it is given; none where it chooses them itself
   */
  private List<Passage> passages(Path folder, Precision precision, int clips, List<Passage> given) {
    try (VideoModel model = VideoModel.load(folder, engine.withPrecision(precision))) {
      Run run = new Run(model, given);
      List<Integer> counts = frameCounts(model.info());
      for (int clip = 0; clip < Math.min(clips, counts.size()); clip++) {
        run.add(frames(clip, counts.get(clip), model.info().imageSize()), QUESTIONS.get(clip));
      }
      return run.passages;
    }
  }

  /** The passages of one model. */
  private static final class Run {
    private final VideoModel model;
    private final List<Passage> given;
    private final List<Passage> passages = new ArrayList<>();

    Run(VideoModel model, List<Passage> given) {
      this.model = model;
      this.given = given;
    }

    void add(List<ByteBuffer> frames, String question) {
      List<Long> before = model.promptFormat().before();
      List<Long> text = model.promptFormat().after(Conversation.of(question));
      try (ClipFeatures clip = model.encode(frames, before, false)) {
        add(clip, text, DecodeMode.PROMPT, false, 1);
      }
      try (ClipFeatures clip = model.encode(frames, before, true)) {
        for (DecodeMode mode : DecodeMode.values()) {
          add(clip, text, mode, true, TOKENS);
        }
      }
    }

    private void add(
        ClipFeatures clip, List<Long> text, DecodeMode mode, boolean readSlow, int tokens) {
      List<Long> ids = given.isEmpty() ? List.of() : given.get(passages.size()).ids();
      List<float[]> logits = new ArrayList<>();
      Sequence.Chooser chooser =
          (values, generated) -> {
            logits.add(values);
            return ids.isEmpty()
                ? GREEDY.next(values, generated, new SplittableRandom(0))
                : ids.get(generated.size());
          };
      Sequence.Request request =
          new Sequence.Request(
              text,
              clip.prefixTokens(),
              clip.fastTokens(),
              mode,
              readSlow,
              ids.isEmpty() ? tokens : ids.size(),
              model.generationConfig().endIds(),
              Optional.of(chooser));
      try (Sequence sequence = model.sequence(request, List.of())) {
        passages.add(new Passage(model.run(sequence, clip, () -> false).ids(), logits));
      }
    }
  }

  /** Frames of each clip; a clip of one frame is an image. */
  private static List<Integer> frameCounts(ModelInfo info) {
    return info.imageSize() >= LARGE_SIDE
        ? List.of(1, 2)
        : Stream.of(1, 3, 8, Math.min(info.frames(), MAX_FRAMES)).distinct().toList();
  }

  /** A wave of each colour that moves through the clip, and noise. */
  private static List<ByteBuffer> frames(int seed, int count, int side) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] waves = random.doubles(4 * 3, -1, 1).toArray();
    List<ByteBuffer> frames = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      ByteBuffer frame = ByteBuffer.allocate(side * side * 3);
      for (int i = 0; i < side * side; i++) {
        int row = i / side;
        double x = (double) (i - row * side) / side;
        double y = (double) row / side;
        for (int c = 0; c < 3; c++) {
          double turns = waves[c] * x + waves[3 + c] * y + waves[6 + c] * t / 4 + waves[9 + c];
          double wave = 128 + 100 * Math.sin(2 * Math.PI * turns);
          frame.put((byte) (wave + random.nextInt(-20, 21)));
        }
      }
      frames.add(frame.flip());
    }
    return frames;
  }
}
