package io.saccade.model.architecture;

import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shape of the hybrid Qwen2 decoder.
 *
 * @param layers number of layers
 * @param hybridLayers the layers whose text tokens also attend to the slow tokens, ascending
 * @param hidden width of a token
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of {@code heads}
 * @param intermediate width of the MLP
 * @param vocabulary number of token ids
 * @param maxPositions positions that the rotary embedding was trained for
 * @param ropeTheta base of the rotary embedding
 * @param rmsEpsilon epsilon of the RMS norms
 * @param tiedEmbeddings whether the output layer is the embedding table
 */
public record DecoderConfig(
    int layers,
    List<Integer> hybridLayers,
    int hidden,
    int heads,
    int keyHeads,
    int intermediate,
    int vocabulary,
    int maxPositions,
    double ropeTheta,
    double rmsEpsilon,
    boolean tiedEmbeddings) {

  static DecoderConfig read(JsonConfig config) {
    config.requireText("hidden_act", "silu");
    config.requireText("cross_attn_implementation", "text-only-vanilla-flashattn");
    config.requireText("cross_attn_gating_type", "whole-dynamic-tanh-warmup");
    config.requireOff("use_sliding_window");
    if (config.has("rope_scaling")) {
      throw config.problem("rope_scaling", "null");
    }
    int layers = config.integer("num_hidden_layers", 1, 1024);
    int heads = config.integer("num_attention_heads", 1, 1024);
    int keyHeads = config.integer("num_key_value_heads", 1, heads);
    int hidden = config.integer("hidden_size", 2, 1 << 16);
    if (heads % keyHeads != 0) {
      throw config.problem(
          "num_key_value_heads", "a divisor of num_attention_heads, " + heads + ",");
    }
    if (hidden % (2 * heads) != 0) {
      throw config.problem(
          "hidden_size", "a multiple of twice num_attention_heads, " + heads + ",");
    }
    return new DecoderConfig(
        layers,
        hybridLayers(config, layers),
        hidden,
        heads,
        keyHeads,
        config.integer("intermediate_size", 1, 1 << 20),
        config.integer("vocab_size", 1, 1 << 24),
        config.integer("max_position_embeddings", 1, 1 << 24),
        config.number("rope_theta", 1, 1e12),
        config.number("rms_norm_eps", 0, 1),
        config.flag("tie_word_embeddings"));
  }

  private static List<Integer> hybridLayers(JsonConfig config, int layers) {
    int every = config.integer("cross_attn_every_n_layers", 1, 1024);
    int first = config.integer("cross_attn_min_layer_depth", 0, layers - 1);
    int end = Math.min(layers, config.integer("cross_attn_max_layer_depth", first + 1, 1024));
    return IntStream.iterate(first, i -> i < end, i -> i + every).boxed().toList();
  }

  public int headSize() {
    return hidden / heads;
  }

  /** Elements of the keys and values of one token in one layer. */
  public long keyValueElements() {
    return 2L * keyHeads * headSize();
  }

  /**
   * Multiplications and additions of a prefill: those of matrix products, which are nearly all.
   *
   * @param rows tokens of the prompt, fast tokens included
   * @param textRows those of them that read the slow tokens
   * @param slowTokens M
   */
  public long prefillOperations(long rows, long textRows, long slowTokens) {
    long keyWidth = (long) keyHeads * headSize();
    long linear = rows * hidden * (2L * hidden + 2 * keyWidth + 3L * intermediate);
    long attention = hidden * rows * (rows + 1); // each row sees those before it and itself
    long slow = slowTokens * hidden * 2 * keyWidth + 2 * textRows * slowTokens * hidden;
    long output = (long) hidden * vocabulary;
    return 2 * (layers * (linear + attention) + hybridLayers.size() * slow + output);
  }

  /** Every tensor that the decoder needs. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> specs = new ArrayList<>();
    specs.add(TensorSpec.of("model.embed_tokens.weight", vocabulary, hidden));
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      addAttention(specs, layer + "self_attn.");
      if (hybridLayers.contains(i)) {
        addCrossAttention(specs, layer + "self_attn.");
      }
      specs.add(TensorSpec.linear(layer + "mlp.gate_proj.weight", intermediate, hidden));
      specs.add(TensorSpec.linear(layer + "mlp.up_proj.weight", intermediate, hidden));
      specs.add(TensorSpec.linear(layer + "mlp.down_proj.weight", hidden, intermediate));
      specs.add(TensorSpec.of(layer + "input_layernorm.weight", hidden));
      specs.add(TensorSpec.of(layer + "post_attention_layernorm.weight", hidden));
    }
    specs.add(TensorSpec.of("model.norm.weight", hidden));
    if (!tiedEmbeddings) {
      specs.add(TensorSpec.linear("lm_head.weight", vocabulary, hidden));
    }
    return specs;
  }

  private void addAttention(List<TensorSpec> specs, String name) {
    long keyWidth = (long) keyHeads * headSize();
    specs.add(TensorSpec.linear(name + "q_proj.weight", hidden, hidden));
    specs.add(TensorSpec.of(name + "q_proj.bias", hidden));
    specs.add(TensorSpec.linear(name + "k_proj.weight", keyWidth, hidden));
    specs.add(TensorSpec.of(name + "k_proj.bias", keyWidth));
    specs.add(TensorSpec.linear(name + "v_proj.weight", keyWidth, hidden));
    specs.add(TensorSpec.of(name + "v_proj.bias", keyWidth));
    specs.add(TensorSpec.linear(name + "o_proj.weight", hidden, hidden));
  }

  private void addCrossAttention(List<TensorSpec> specs, String name) {
    long keyAndValueWidth = 2L * keyHeads * headSize();
    specs.add(TensorSpec.linear(name + "cross_attn_kv_proj.weight", keyAndValueWidth, hidden));
    specs.add(TensorSpec.of(name + "cross_attn_kv_proj.bias", keyAndValueWidth));
    specs.add(TensorSpec.of(name + "cross_attn_gate_proj.0.weight", 1, hidden));
    specs.add(TensorSpec.of(name + "cross_attn_gate_proj.0.bias", 1));
    specs.add(TensorSpec.of(name + "cross_attn_warm_up_gate", 1));
  }
}
