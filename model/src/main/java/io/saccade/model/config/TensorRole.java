package io.saccade.model.config;

/** What a tensor does in the network, which decides how a random one is drawn. */
public enum TensorRole {
  /** A matrix, table or convolution. */
  MATRIX,
  /** A matrix whose outputs are added to the residual stream. */
  RESIDUAL_MATRIX,
  /** The bias of a linear map, a convolution or a norm. */
  BIAS,
  /** The weight of a norm. */
  NORM,
  /** The factor of a block's output in a vision tower. */
  LAYER_SCALE,
  /** How far the gates of cross-attention are open. */
  GATE
}
