package io.saccade.model.config;

/** A part of the network, to which each of its tensors belongs. */
public enum ModelPart {
  /** The table of token embeddings. */
  EMBEDDING("embedding"),
  /** The decoder's layers without what hybrid ones have in addition, and its final norm. */
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
}
