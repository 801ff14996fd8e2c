package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.text.Conversation;
import io.saccade.model.text.Prompt;
import io.saccade.model.verify.VerificationCase;
import io.saccade.model.weights.SafetensorsFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Where the model looked, against the definition worked out in plain Java: the cross-attention of
 * the prompt's last token, averaged over heads, weighted with the magnitude of its gate in each
 * hybrid layer, summed over a frame's slow tokens, divided by the sum.
 */
class LookedAtTest {
  private static final int LAYERS = 4;
  private static final List<Integer> HYBRID = List.of(0, 2);
  private static final int HEADS = 4;
  private static final int KEY_HEADS = 2;
  private static final int SIZE = 16;
  private static final double EPSILON = 1e-6;
  private static final Conversation QUESTION =
      Conversation.of("What colour is the car that stops at the gate?");

  private final SafetensorsFile weights =
      SafetensorsFile.open(TestData.randomCheckpoint().resolve("model.safetensors"));
  private final VerificationCase reference = new VerificationCase(TestData.randomCase());

  @Test
  void isTheGatedCrossAttentionOfTheLastTokenByFrame() {
    List<ByteBuffer> frames = reference.frames();
    try (VideoModel model = VideoModel.load(TestData.randomCheckpoint(), TestData.OPTIONS);
        ClipFeatures clip = model.encode(frames)) {
      List<Double> found =
          model.generate(clip, QUESTION, GenerationOptions.defaults(), () -> false).lookedAt();

      double[] expected = shares(hiddenStates(model, clip), frames.size());
      assertThat(found).hasSize(frames.size());
      assertThat(found.stream().mapToDouble(share -> share).sum()).isCloseTo(1, within(1e-6));
      for (int i = 0; i < expected.length; i++) {
        assertThat(found.get(i)).isCloseTo(expected[i], within(1e-5));
      }
      assertThat(expected[0]).isNotCloseTo(1.0 / frames.size(), within(1e-3));
    }
  }

  @Test
  void doesNotDependOnHowTheAnswerGoesOn() {
    try (VideoModel model = VideoModel.load(TestData.randomCheckpoint(), TestData.OPTIONS);
        ClipFeatures clip = model.encode(reference.frames())) {
      GenerationOptions one = GenerationOptions.defaults().withMaxNewTokens(1);
      assertThat(model.generate(clip, QUESTION, one, () -> false).lookedAt())
          .isEqualTo(
              model
                  .generate(clip, QUESTION, one.withDecodeMode(DecodeMode.ALL_TEXT), () -> false)
                  .lookedAt());
    }
  }

  /** The input of each layer [L][E]. */
  private static List<double[][]> hiddenStates(VideoModel model, ClipFeatures clip) {
    Prompt prompt = model.promptFormat().encode(QUESTION);
    try (NDManager scope = model.graph().newScope()) {
      NDArray cache = model.graph().newCache(prompt.length() + clip.fastTokens(), scope);
      List<double[][]> states = new ArrayList<>();
      for (NDArray state : model.graph().trace(prompt, clip, cache, scope).subList(0, LAYERS)) {
        states.add(rows(state.toFloatArray(), HEADS * SIZE));
      }
      return states;
    }
  }

  private double[] shares(List<double[][]> hidden, int frames) {
    double[][] slow = rows(reference.floats("slow_tokens"), HEADS * SIZE);
    double[] shares = new double[frames];
    for (int layer : HYBRID) {
      double[] gaze = gaze("model.layers." + layer + ".", hidden.get(layer), slow);
      for (int m = 0; m < gaze.length; m++) {
        shares[m * frames / gaze.length] += gaze[m];
      }
    }
    double sum = IntStream.range(0, frames).mapToDouble(i -> shares[i]).sum();
    return IntStream.range(0, frames).mapToDouble(i -> shares[i] / sum).toArray();
  }

  /** The gated attention of the last row to each slow token. */
  private double[] gaze(String layer, double[][] hidden, double[][] slow) {
    String attention = layer + "self_attn.";
    int last = hidden.length - 1;
    double[][] normed = norm(layer + "input_layernorm.weight", hidden);
    double[][] keys = linear(attention + "k_proj", normed);
    double[][] values = linear(attention + "v_proj", normed);
    double[] query = linear(attention + "q_proj", new double[][] {normed[last]})[0];
    rotate(query, last);
    for (int row = 0; row < keys.length; row++) {
      rotate(keys[row], row);
    }
    double[] attended = new double[HEADS * SIZE];
    double[][] memory =
        linear(attention + "cross_attn_kv_proj", norm(layer + "input_layernorm.weight", slow));
    double[] gaze = new double[slow.length];
    for (int head = 0; head < HEADS; head++) {
      int keyHead = head / (HEADS / KEY_HEADS);
      double[] self = attention(query, head, keys, keyHead * SIZE);
      for (int row = 0; row < self.length; row++) {
        for (int d = 0; d < SIZE; d++) {
          attended[head * SIZE + d] += self[row] * values[row][keyHead * SIZE + d];
        }
      }
      double[] cross = attention(query, head, memory, keyHead * 2 * SIZE);
      for (int m = 0; m < gaze.length; m++) {
        gaze[m] += cross[m] / HEADS;
      }
    }
    double gate =
        Math.tanh(linear(attention + "cross_attn_gate_proj.0", new double[][] {attended})[0][0])
            * Math.tanh(values(attention + "cross_attn_warm_up_gate")[0]);
    return IntStream.range(0, gaze.length).mapToDouble(m -> gaze[m] * Math.abs(gate)).toArray();
  }

  /** Softmax of a head of the query with the keys that begin at a column. */
  private static double[] attention(double[] query, int head, double[][] keys, int column) {
    double[] scores = new double[keys.length];
    double sum = 0;
    for (int row = 0; row < keys.length; row++) {
      double product = 0;
      for (int d = 0; d < SIZE; d++) {
        product += query[head * SIZE + d] * keys[row][column + d];
      }
      scores[row] = Math.exp(product / Math.sqrt(SIZE));
      sum += scores[row];
    }
    for (int row = 0; row < scores.length; row++) {
      scores[row] /= sum;
    }
    return scores;
  }

  /** The rotary embedding of each head in place. */
  private static void rotate(double[] heads, int position) {
    for (int start = 0; start < heads.length; start += SIZE) {
      for (int d = 0; d < SIZE / 2; d++) {
        double angle = position * Math.pow(1e6, -2.0 * d / SIZE);
        double x = heads[start + d];
        double y = heads[start + SIZE / 2 + d];
        heads[start + d] = x * Math.cos(angle) - y * Math.sin(angle);
        heads[start + SIZE / 2 + d] = y * Math.cos(angle) + x * Math.sin(angle);
      }
    }
  }

  private double[][] norm(String weight, double[][] x) {
    double[] scale = values(weight);
    double[][] y = new double[x.length][];
    for (int row = 0; row < x.length; row++) {
      double square = 0;
      for (double value : x[row]) {
        square += value * value;
      }
      double factor = 1 / Math.sqrt(square / scale.length + EPSILON);
      double[] from = x[row];
      y[row] =
          IntStream.range(0, scale.length).mapToDouble(i -> from[i] * factor * scale[i]).toArray();
    }
    return y;
  }

  private double[][] linear(String name, double[][] x) {
    double[] bias = values(name + ".bias");
    double[][] weight = rows(floats(name + ".weight"), x[0].length);
    double[][] y = new double[x.length][bias.length];
    for (int row = 0; row < x.length; row++) {
      for (int out = 0; out < bias.length; out++) {
        double sum = bias[out];
        for (int in = 0; in < x[row].length; in++) {
          sum += weight[out][in] * x[row][in];
        }
        y[row][out] = sum;
      }
    }
    return y;
  }

  private double[] values(String name) {
    return rows(floats(name), floats(name).length)[0];
  }

  private float[] floats(String name) {
    ByteBuffer bytes = weights.map(weights.entries().get(name));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static double[][] rows(float[] values, int width) {
    return IntStream.range(0, values.length / width)
        .mapToObj(
            row -> IntStream.range(0, width).mapToDouble(i -> values[row * width + i]).toArray())
        .toArray(double[][]::new);
  }
}
