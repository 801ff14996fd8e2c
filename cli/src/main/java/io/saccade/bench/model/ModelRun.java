package io.saccade.bench.model;

import io.saccade.model.ClipEncoding;
import io.saccade.model.Sequence;
import io.saccade.model.VideoModel;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.text.Conversation;
import io.saccade.model.verify.StepProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Times one loaded model on a clip of random pixels. */
final class ModelRun {

  private static final int WARM_UP_STEPS = 3;
  private static final int TURN_STEPS = 4;

  /** Until Java's own part of a step is compiled, as it soon is in a worker. */
  private static final int COMPILING_TURNS = 30;

  private static final int PROFILES = 25;
  private static final int MAX_STEPS = 400;

  private final VideoModel model;
  private final List<ByteBuffer> frames;
  private final Conversation question;

  /**
   * Prepares a clip and a question.
   *
   * @param promptTokens tokens of the prompt, fast tokens included; a clip with too many gets a
   *     short question
   */
  ModelRun(VideoModel model, int frames, int promptTokens) {
    this.model = model;
    this.frames = frames(frames, model.info().imageSize());
    this.question = question(promptTokens);
  }

  private Conversation question(int promptTokens) {
    int words = 1;
    while (words < promptTokens && tokens(words) < promptTokens) {
      words++;
    }
    return Conversation.of(BenchModel.words(words));
  }

  private int tokens(int words) {
    return tokens(Conversation.of(BenchModel.words(words)));
  }

  private int tokens(Conversation asked) {
    try (Sequence sequence = model.sequence(asked, options(), frames.size())) {
      return sequence.promptTokens();
    }
  }

  private static GenerationOptions options() {
    return GenerationOptions.defaults()
        .withMaxNewTokens(MAX_STEPS)
        .withDecodeMode(DecodeMode.ALL_TEXT);
  }

  private static List<ByteBuffer> frames(int count, int side) {
    Random random = new Random(count);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] pixels = new byte[side * side * 3];
              random.nextBytes(pixels);
              return ByteBuffer.wrap(pixels);
            })
        .toList();
  }

  /** Tokens of the prompt, fast tokens included. */
  int promptTokens() {
    return tokens(question);
  }

  /**
   * Milliseconds of the stages of a first question.
   *
   * @param frames vision tower, projector and pooling
   * @param slow fast tokens, slow keys and values
   * @param prefix the prompt's common beginning
   * @param question the rest of the prompt, up to the first token
   */
  record Stages(double frames, double slow, double prefix, double question) {
    private static final Stages LONGEST =
        new Stages(
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY);

    /** Milliseconds of the whole prompt, the slow keys and values not counted. */
    double prefill() {
      return prefix + question;
    }

    /** Milliseconds from the frames to the first token of a first question. */
    double first() {
      return frames + slow + prefix + question;
    }

    Stages best(Stages other) {
      return new Stages(
          Math.min(frames, other.frames),
          Math.min(slow, other.slow),
          Math.min(prefix, other.prefix),
          Math.min(question, other.question));
    }
  }

  /**
   * The best of some runs of each model, stage by stage, after one to warm up. The models take
   * turns: the speed of a virtual machine changes from minute to minute.
   */
  static List<Stages> stages(int runs, List<ModelRun> models) {
    List<Stages> best = new ArrayList<>(Collections.nCopies(models.size(), Stages.LONGEST));
    models.forEach(ModelRun::once);
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < models.size(); i++) {
        best.set(i, best.get(i).best(models.get(i).once()));
      }
    }
    return best;
  }

  private Stages once() {
    Map<ClipEncoding.Stage, Double> spent = new EnumMap<>(ClipEncoding.Stage.class);
    try (ClipEncoding encoding = model.encoding(frames)) {
      while (encoding.next() != ClipEncoding.Stage.DONE) {
        ClipEncoding.Stage stage = encoding.next();
        spent.merge(stage, millis(encoding::step), Double::sum);
      }
      try (ClipFeatures clip = encoding.features();
          Sequence sequence = model.sequence(question, options(), frames.size())) {
        double asked =
            millis(
                () -> {
                  sequence.begin(clip);
                  prefill(sequence);
                });
        return new Stages(
            spent.get(ClipEncoding.Stage.FRAMES),
            spent.get(ClipEncoding.Stage.SLOW),
            spent.get(ClipEncoding.Stage.PREFIX),
            asked);
      }
    }
  }

  private static void prefill(Sequence sequence) {
    boolean done = false;
    while (!done) {
      done = sequence.prefill();
    }
  }

  /**
   * Medians of a decode step in milliseconds.
   *
   * @param ours of some questions together
   * @param plain of the yardstick
   */
  record Decoding(double ours, double plain) {}

  /** Times a decode step of some questions together, in turns with the yardstick's. */
  Decoding decode(int questions, int steps, Runnable yardstick) {
    return batch(
        questions,
        batch -> {
          double[] ours = new double[steps];
          double[] plain = new double[steps];
          Runnable step = () -> model.decode(batch);
          for (int begin = 0; begin < steps; begin += TURN_STEPS) {
            repeat(1, yardstick); // the caches hold what the other left there
            for (int i = begin; i < Math.min(steps, begin + TURN_STEPS); i++) {
              plain[i] = millis(yardstick);
            }
            repeat(begin == 0 ? WARM_UP_STEPS : 1, step);
            for (int i = begin; i < Math.min(steps, begin + TURN_STEPS); i++) {
              ours[i] = millis(step);
            }
          }
          return new Decoding(median(ours), median(plain));
        });
  }

  /**
   * The share of a decode step of one question that passes outside of tensor operators: the median
   * of some profiles, each of which compares two short times.
   */
  double overhead() {
    return batch(
        1,
        batch -> {
          Runnable work = () -> repeat(TURN_STEPS, () -> model.decode(batch));
          repeat(COMPILING_TURNS, work);
          return median(
              IntStream.range(0, PROFILES)
                  .mapToDouble(i -> StepProfile.of(work).outsideShare())
                  .toArray());
        });
  }

  /** Gives an answer that goes on for {@link #MAX_STEPS}, though a model may want to end it. */
  private <T> T batch(int questions, Function<List<Sequence>, T> measured) {
    List<Sequence> batch = new ArrayList<>();
    try (ClipFeatures clip = model.encode(frames)) {
      for (int i = 0; i < questions; i++) {
        Sequence sequence = model.sequence(question, options(), frames.size());
        batch.add(sequence);
        sequence.begin(clip);
        prefill(sequence);
      }
      return measured.apply(batch);
    } finally {
      batch.forEach(Sequence::close);
    }
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double millis(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e6;
  }
}
