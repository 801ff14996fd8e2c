package io.saccade.model.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.random.RandomGenerator;

/**
 * How logits become the next token, in the order of the transformers library: repetition penalty,
 * temperature, top-k, top-p, softmax.
 *
 * @param temperature 0 for greedy decoding
 * @param topK likeliest tokens kept, 0 for all; tokens as likely as the last one kept are kept too
 * @param topP probability kept, 1 for all; likewise
 * @param repetitionPenalty penalty of tokens generated before, 1 for none
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty) {

  /**
   * Chooses the next token.
   *
   * @param logits one per token id
   * @param generated ids generated so far; the prompt's do not count
   * @param random source of the draw, unused when greedy
   */
  public int next(float[] logits, Collection<Long> generated, RandomGenerator random) {
    double[] scores = penalised(logits, generated);
    return temperature == 0 ? largest(scores) : draw(probabilities(scores), random);
  }

  /** The probability of each token id, for a temperature above 0. */
  double[] probabilities(float[] logits, Collection<Long> generated) {
    return probabilities(penalised(logits, generated));
  }

  private double[] penalised(float[] logits, Collection<Long> generated) {
    double[] scores = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      scores[i] = logits[i];
    }
    if (repetitionPenalty != 1) {
      for (long id : new HashSet<>(generated)) {
        double score = scores[(int) id];
        scores[(int) id] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty;
      }
    }
    return scores;
  }

  private double[] probabilities(double[] scores) {
    double[] kept = scores.clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] /= temperature;
    }
    if (topK > 0 && topK < kept.length) {
      keepAtLeast(kept, sorted(kept)[kept.length - topK], Double.NEGATIVE_INFINITY);
    }
    softmax(kept);
    if (topP < 1) {
      keepAtLeast(kept, topPThreshold(kept), 0);
      normalise(kept);
    }
    return kept;
  }

  /**
   * The smallest probability kept: tokens are taken from the likeliest on until they reach {@code
   * topP}.
   */
  private double topPThreshold(double[] probabilities) {
    double[] ascending = sorted(probabilities);
    int i = ascending.length - 1;
    for (double taken = ascending[i]; taken < topP && i > 0; taken += ascending[i]) {
      i--;
    }
    return ascending[i];
  }

  private static void keepAtLeast(double[] values, double threshold, double removed) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < threshold) {
        values[i] = removed;
      }
    }
  }

  private static void softmax(double[] scores) {
    double largest = scores[largest(scores)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - largest);
    }
    normalise(scores);
  }

  private static void normalise(double[] weights) {
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
  }

  private static double[] sorted(double[] values) {
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    return ascending;
  }

  /** Whether it is the likeliest token whatever was generated before. */
  public boolean isGreedy() {
    return temperature == 0 && repetitionPenalty == 1;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int draw(double[] probabilities, RandomGenerator random) {
    double left = random.nextDouble();
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        last = i;
        left -= probabilities[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }
}
