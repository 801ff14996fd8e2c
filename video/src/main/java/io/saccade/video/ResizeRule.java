package io.saccade.video;

/** How a frame of any shape becomes a square of {@code imageSize} pixels. */
public enum ResizeRule {
  /**
   * The shortest edge becomes {@code imageSize}, the other edge {@code imageSize * long / short}
   * rounded down, and the central square is kept (Hugging Face {@code CLIPImageProcessor}).
   */
  SHORTEST_EDGE_CENTER_CROP,
  /** Both edges become {@code imageSize}; the shape is distorted ({@code SiglipImageProcessor}). */
  SQUASH
}
