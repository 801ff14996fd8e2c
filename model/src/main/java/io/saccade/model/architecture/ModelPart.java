package io.saccade.model.architecture;

import io.saccade.model.config.TensorSpec;

/** A part of the network, to which each of its tensors belongs by its name. */
public enum ModelPart {
  /** The table of token embeddings. */
  EMBEDDING("embedding"),
  /** The decoder's layers as in Qwen2, and its final norm. */
  DECODER("decoder"),
  /** What hybrid layers have beyond those: keys and values of slow tokens, and the gates. */
  CROSS_ATTENTION("cross-attention"),
  /** The output layer, where it is not the embedding table. */
  OUTPUT_LAYER("output layer"),
  /** The projector from the tower's width to the decoder's. */
  PROJECTOR("projector"),
  /** The vision tower. */
  TOWER("vision tower");

  private final String label;

  ModelPart(String label) {
    this.label = label;
  }

  /** The name for people. */
  @Override
  public String toString() {
    return label;
  }

  public static ModelPart of(TensorSpec spec) {
    String name = spec.name();
    if (name.startsWith(VisionTower.PREFIX)) {
      return TOWER;
    } else if (name.startsWith("model.mm_projector.")) {
      return PROJECTOR;
    } else if (name.startsWith("model.embed_tokens.")) {
      return EMBEDDING;
    } else if (name.startsWith("lm_head.")) {
      return OUTPUT_LAYER;
    }
    return name.contains(".cross_attn_") ? CROSS_ATTENTION : DECODER;
  }
}
