package io.saccade.model.architecture;

import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.TensorRole;
import io.saccade.model.config.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Shape of a decoder in the manner of Llama and Qwen2: RMS norms, rotary self-attention of query
 * heads to fewer key heads, a gated MLP. Some of its layers may be hybrid, in which text also
 * attends to the slow tokens of the clip, as in Slow-Fast Video MLLM.
 *
 * @param layers number of layers
 * @param hybridLayers the layers whose text tokens also attend to the slow tokens, ascending; empty
 *     in most architectures
 * @param hidden width of a token
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of {@code heads}
 * @param intermediate width of the MLP
 * @param vocabulary number of token ids
 * @param maxPositions positions that the rotary embedding was trained for
 * @param ropeTheta base of the rotary embedding
 * @param rmsEpsilon epsilon of the RMS norms
 * @param attentionBias whether queries, keys and values have biases, as in Qwen2
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
    boolean attentionBias,
    boolean tiedEmbeddings) {

  /**
   * Reads the keys that Hugging Face's configs of Llama and Qwen2 have in common.
   *
   * @param hybridLayers the hybrid layers, given the number of all layers
   * @param attentionBias whether queries, keys and values have biases
   */
  public static DecoderConfig read(
      JsonConfig config, IntFunction<List<Integer>> hybridLayers, boolean attentionBias) {
    config.requireText("hidden_act", "silu");
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
        hybridLayers.apply(layers),
        hidden,
        heads,
        keyHeads,
        config.integer("intermediate_size", 1, 1 << 20),
        config.integer("vocab_size", 1, 1 << 24),
        config.integer("max_position_embeddings", 1, 1 << 24),
        config.number("rope_theta", 1, 1e12),
        config.number("rms_norm_eps", 0, 1),
        attentionBias,
        config.flag("tie_word_embeddings"));
  }

  /**
   * The names of its tensors as Hugging Face's Llama and Qwen2 store them, but for the output
   * layer, which lies apart, and without hybrid layers, which those do not have.
   */
  public static TensorNames huggingFaceNames() {
    return new TensorNames()
        .with("embedding", "embed_tokens")
        .with("layers.{}.norm", "layers.{}.input_layernorm")
        .with("layers.{}.q", "layers.{}.self_attn.q_proj")
        .with("layers.{}.k", "layers.{}.self_attn.k_proj")
        .with("layers.{}.v", "layers.{}.self_attn.v_proj")
        .with("layers.{}.out", "layers.{}.self_attn.o_proj")
        .with("layers.{}.mlp.norm", "layers.{}.post_attention_layernorm")
        .with("layers.{}.mlp.gate", "layers.{}.mlp.gate_proj")
        .with("layers.{}.mlp.up", "layers.{}.mlp.up_proj")
        .with("layers.{}.mlp.down", "layers.{}.mlp.down_proj")
        .with("norm", "norm");
  }

  /** D, width of a head. */
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

  /** Every tensor that the decoder needs, by logical name. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> specs =
        new ArrayList<>(
            new PartTensors(ModelPart.EMBEDDING)
                .tensor(TensorRole.MATRIX, "embedding.weight", vocabulary, hidden)
                .specs());
    for (int i = 0; i < layers; i++) {
      String layer = "layers." + i + ".";
      specs.addAll(attention(layer));
      if (hybridLayers.contains(i)) {
        specs.addAll(crossAttention(layer + "cross."));
      }
      specs.addAll(mlpAndNorms(layer));
    }
    specs.addAll(new PartTensors(ModelPart.DECODER).rmsNorm("norm", hidden).specs());
    if (!tiedEmbeddings) {
      specs.addAll(
          new PartTensors(ModelPart.OUTPUT_LAYER)
              .quantisable(TensorRole.MATRIX, "output", vocabulary, hidden)
              .specs());
    }
    return specs;
  }

  private List<TensorSpec> attention(String layer) {
    PartTensors tensors = new PartTensors(ModelPart.DECODER);
    long keyWidth = (long) keyHeads * headSize();
    addProjection(tensors, layer + "q", hidden);
    addProjection(tensors, layer + "k", keyWidth);
    addProjection(tensors, layer + "v", keyWidth);
    return tensors.quantisable(TensorRole.RESIDUAL_MATRIX, layer + "out", hidden, hidden).specs();
  }

  private void addProjection(PartTensors tensors, String name, long width) {
    tensors.quantisable(TensorRole.MATRIX, name, width, hidden);
    if (attentionBias) {
      tensors.bias(name, width);
    }
  }

  private List<TensorSpec> crossAttention(String cross) {
    long keyAndValueWidth = 2L * keyHeads * headSize();
    return new PartTensors(ModelPart.CROSS_ATTENTION)
        .quantisable(TensorRole.MATRIX, cross + "kv", keyAndValueWidth, hidden)
        .bias(cross + "kv", keyAndValueWidth)
        .linear(TensorRole.MATRIX, cross + "gate", 1, hidden)
        .tensor(TensorRole.GATE, cross + "warm_up", 1)
        .specs();
  }

  private List<TensorSpec> mlpAndNorms(String layer) {
    return new PartTensors(ModelPart.DECODER)
        .quantisable(TensorRole.MATRIX, layer + "mlp.gate", intermediate, hidden)
        .quantisable(TensorRole.MATRIX, layer + "mlp.up", intermediate, hidden)
        .quantisable(TensorRole.RESIDUAL_MATRIX, layer + "mlp.down", hidden, intermediate)
        .rmsNorm(layer + "norm", hidden)
        .rmsNorm(layer + "mlp.norm", hidden)
        .specs();
  }

  /** Values of the attributes that the decoder's TorchScript declares, without weights. */
  public Map<String, Object> attributes() {
    return Map.of(
        "heads", heads,
        "key_heads", keyHeads,
        "head_size", headSize(),
        "rope_theta", ropeTheta,
        "rms_epsilon", rmsEpsilon,
        "hybrid", hybridIndices());
  }

  /** For each layer its number among the hybrid layers, or -1. */
  private List<Integer> hybridIndices() {
    return IntStream.range(0, layers).mapToObj(hybridLayers::indexOf).toList();
  }
}
