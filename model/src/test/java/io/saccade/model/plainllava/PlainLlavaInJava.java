package io.saccade.model.plainllava;

import io.saccade.model.weights.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The whole network of {@link PlainLlava} in plain Java and double precision, by the definitions of
 * its parts: no cache, no batch, each token computed anew. It reads the weights by their stored
 * names.
 */
final class PlainLlavaInJava {
  private static final int LAYERS = 3;
  private static final int TOWER_LAYERS = 2; // of three, the last of which is not run
  private static final int TOWER_HEADS = 4;
  private static final int HEADS = 4;
  private static final int KEY_HEADS = 2;
  private static final int SIZE = 16;
  private static final int SIDE = 58;
  private static final int PATCH = 14;
  private static final int GRID = SIDE / PATCH;
  private static final double THETA = 10_000;

  private final SafetensorsFile weights;

  PlainLlavaInJava(Path folder) {
    this.weights = SafetensorsFile.open(folder.resolve("model.safetensors"));
  }

  /** The clip's tokens [T * p][E], frame after frame. */
  List<double[]> clip(List<ByteBuffer> frames) {
    List<double[]> tokens = new ArrayList<>();
    for (ByteBuffer frame : frames) {
      double[][] x = tower(frame);
      x = map(linear("multi_modal_projector.linear_1", x), PlainLlavaInJava::gelu);
      tokens.addAll(List.of(linear("multi_modal_projector.linear_2", x)));
    }
    return tokens;
  }

  double[] embedding(long id) {
    return matrix("language_model.embed_tokens.weight")[(int) id];
  }

  /** The logits [V] after the last of some rows of the decoder's input [R][E]. */
  double[] logits(List<double[]> rows) {
    double[][] x = rows.toArray(double[][]::new);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "language_model.layers." + i + ".";
      x = add(x, selfAttention(layer + "self_attn.", rmsNorm(layer + "input_layernorm", x)));
      double[][] y = rmsNorm(layer + "post_attention_layernorm", x);
      double[][] gate = map(linear(layer + "mlp.gate_proj", y), v -> v / (1 + Math.exp(-v)));
      x = add(x, linear(layer + "mlp.down_proj", times(gate, linear(layer + "mlp.up_proj", y))));
    }
    double[][] last = rmsNorm("language_model.norm", new double[][] {x[x.length - 1]});
    return has("language_model.head.weight")
        ? linear("language_model.head", last)[0]
        : product(matrix("language_model.embed_tokens.weight"), last)[0];
  }

  private double[][] tower(ByteBuffer frame) {
    double[][] x = add(patches(frame), matrix("vision.embeddings.position_embedding.weight"));
    for (int i = 0; i < TOWER_LAYERS; i++) {
      String layer = "vision.encoder.layers." + i + ".";
      double[][] y = layerNorm(layer + "layer_norm1", x);
      String name = layer + "self_attn.";
      double[][] q = linear(name + "q_proj", y);
      double[][] k = linear(name + "k_proj", y);
      double[][] v = linear(name + "v_proj", y);
      x = add(x, linear(name + "out_proj", attention(q, k, v, TOWER_HEADS, TOWER_HEADS, false)));
      y = linear(layer + "mlp.fc1", layerNorm(layer + "layer_norm2", x));
      x = add(x, linear(layer + "mlp.fc2", map(y, PlainLlavaInJava::tanhGelu)));
    }
    return x;
  }

  /** The convolution of each patch, whose pixels are scaled to -1 .. 1. */
  private double[][] patches(ByteBuffer frame) {
    float[] kernel = floats("vision.embeddings.patch_embedding.weight"); // [C, 3, 14, 14]
    double[] bias = vector("vision.embeddings.patch_embedding.bias");
    double[][] tokens = new double[GRID * GRID][bias.length];
    for (int token = 0; token < tokens.length; token++) {
      for (int channel = 0; channel < bias.length; channel++) {
        double sum = bias[channel];
        for (int i = 0; i < 3 * PATCH * PATCH; i++) {
          int row = token / GRID * PATCH + i / PATCH % PATCH;
          int column = token % GRID * PATCH + i % PATCH;
          int pixel = frame.get((row * SIDE + column) * 3 + i / (PATCH * PATCH)) & 0xff;
          sum += kernel[channel * 3 * PATCH * PATCH + i] * (pixel / 127.5 - 1);
        }
        tokens[token][channel] = sum;
      }
    }
    return tokens;
  }

  private double[][] selfAttention(String name, double[][] x) {
    double[][] q = linear(name + "q_proj", x);
    double[][] k = linear(name + "k_proj", x);
    for (int row = 0; row < x.length; row++) {
      rotate(q[row], row);
      rotate(k[row], row);
    }
    double[][] v = linear(name + "v_proj", x);
    return linear(name + "o_proj", attention(q, k, v, HEADS, KEY_HEADS, true));
  }

  private static void rotate(double[] heads, int position) {
    for (int start = 0; start < heads.length; start += SIZE) {
      for (int d = 0; d < SIZE / 2; d++) {
        double angle = position * Math.pow(THETA, -2.0 * d / SIZE);
        double x = heads[start + d];
        double y = heads[start + SIZE / 2 + d];
        heads[start + d] = x * Math.cos(angle) - y * Math.sin(angle);
        heads[start + SIZE / 2 + d] = y * Math.cos(angle) + x * Math.sin(angle);
      }
    }
  }

  private static double[][] attention(
      double[][] q, double[][] k, double[][] v, int heads, int keyHeads, boolean causal) {
    int size = q[0].length / heads;
    double[][] out = new double[q.length][q[0].length];
    for (int row = 0; row < q.length; row++) {
      int seen = causal ? row + 1 : k.length;
      for (int head = 0; head < heads; head++) {
        int keyColumn = head / (heads / keyHeads) * size;
        double[] scores = new double[seen];
        double sum = 0;
        for (int other = 0; other < seen; other++) {
          double product = 0;
          for (int d = 0; d < size; d++) {
            product += q[row][head * size + d] * k[other][keyColumn + d];
          }
          scores[other] = Math.exp(product / Math.sqrt(size));
          sum += scores[other];
        }
        for (int other = 0; other < seen; other++) {
          for (int d = 0; d < size; d++) {
            out[row][head * size + d] += scores[other] / sum * v[other][keyColumn + d];
          }
        }
      }
    }
    return out;
  }

  private double[][] rmsNorm(String name, double[][] x) {
    double[] scale = vector(name + ".weight");
    double[][] y = new double[x.length][scale.length];
    for (int row = 0; row < x.length; row++) {
      double length = Math.sqrt(meanSquare(x[row]) + 1e-5);
      for (int i = 0; i < scale.length; i++) {
        y[row][i] = x[row][i] / length * scale[i];
      }
    }
    return y;
  }

  private double[][] layerNorm(String name, double[][] x) {
    double[] scale = vector(name + ".weight");
    double[] shift = vector(name + ".bias");
    double[][] y = new double[x.length][];
    for (int row = 0; row < x.length; row++) {
      double mean = Arrays.stream(x[row]).average().orElseThrow();
      y[row] = Arrays.stream(x[row]).map(value -> value - mean).toArray();
      double length = Math.sqrt(meanSquare(y[row]) + 1e-6);
      for (int i = 0; i < scale.length; i++) {
        y[row][i] = y[row][i] / length * scale[i] + shift[i];
      }
    }
    return y;
  }

  private static double meanSquare(double[] x) {
    return Arrays.stream(x).map(value -> value * value).average().orElseThrow();
  }

  private static double tanhGelu(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  /** x times the normal distribution's cumulative function, by its Taylor series. */
  private static double gelu(double x) {
    double term = x / Math.sqrt(2 * Math.PI);
    double sum = term;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / (2 * n);
      sum += term / (2 * n + 1);
    }
    return x * (0.5 + sum);
  }

  private double[][] linear(String name, double[][] x) {
    double[][] y = product(matrix(name + ".weight"), x);
    return has(name + ".bias") ? add(y, repeated(vector(name + ".bias"), x.length)) : y;
  }

  private static double[][] product(double[][] weight, double[][] x) {
    double[][] y = new double[x.length][weight.length];
    for (int row = 0; row < x.length; row++) {
      for (int out = 0; out < weight.length; out++) {
        for (int in = 0; in < x[row].length; in++) {
          y[row][out] += weight[out][in] * x[row][in];
        }
      }
    }
    return y;
  }

  private static double[][] repeated(double[] row, int rows) {
    return IntStream.range(0, rows).mapToObj(i -> row).toArray(double[][]::new);
  }

  private static double[][] add(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int row = 0; row < a.length; row++) {
      for (int i = 0; i < a[row].length; i++) {
        sum[row][i] = a[row][i] + b[row][i];
      }
    }
    return sum;
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a[0].length];
    for (int row = 0; row < a.length; row++) {
      for (int i = 0; i < a[row].length; i++) {
        product[row][i] = a[row][i] * b[row][i];
      }
    }
    return product;
  }

  private static double[][] map(double[][] x, DoubleUnaryOperator function) {
    double[][] y = new double[x.length][];
    for (int row = 0; row < x.length; row++) {
      y[row] = Arrays.stream(x[row]).map(function).toArray();
    }
    return y;
  }

  private boolean has(String name) {
    return weights.entries().containsKey(name);
  }

  private double[] vector(String name) {
    float[] values = floats(name);
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private double[][] matrix(String name) {
    double[] values = vector(name);
    int rows = weights.entries().get(name).shape().get(0).intValue();
    int width = values.length / rows;
    return IntStream.range(0, rows)
        .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
        .toArray(double[][]::new);
  }

  private float[] floats(String name) {
    ByteBuffer bytes = weights.map(weights.entries().get(name));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
