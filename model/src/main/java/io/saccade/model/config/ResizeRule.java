package io.saccade.model.config;

/**
 * How a source frame becomes a square of the model's image size, bicubic with antialiasing in both
 * cases.
 */
public enum ResizeRule {
  /**
   * The shortest edge becomes the image size, the long edge is truncated to an integer, then the
   * centre is cropped.
   */
  SHORTEST_EDGE_CENTER_CROP,
  /** Both edges become the image size, whatever the aspect ratio. */
  SQUASH
}
