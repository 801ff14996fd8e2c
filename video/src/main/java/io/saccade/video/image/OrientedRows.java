package io.saccade.video.image;

import java.nio.ByteBuffer;

/**
 * The rows of a picture as displayed: rotates and mirrors the coded picture while reading. Public
 * for the package {@code decode} only.
 */
public final class OrientedRows implements PillowBicubic.RowSource {
  private static final int CHANNELS = 3;

  private final ByteBuffer pixels;
  private final int origin;
  private final int stepX;
  private final int stepY;

  /**
   * A view of a picture.
   *
   * @param pixels uint8 RGB, coded rows {@code stride} bytes apart
   * @param stride bytes from one coded row to the next
   * @param width coded width in pixels
   * @param height coded height in pixels
   * @param orientation how the picture is displayed
   */
  public OrientedRows(
      ByteBuffer pixels, int stride, int width, int height, Orientation orientation) {
    this.pixels = pixels;
    boolean transposed = orientation.transposed();
    int x = transposed ? stride : CHANNELS;
    int y = transposed ? CHANNELS : stride;
    int lastX = orientation.displayWidth(width, height) - 1;
    int lastY = orientation.displayHeight(width, height) - 1;
    stepX = orientation.flippedX() ? -x : x;
    stepY = orientation.flippedY() ? -y : y;
    origin = (orientation.flippedX() ? lastX * x : 0) + (orientation.flippedY() ? lastY * y : 0);
  }

  @Override
  public void read(int y, byte[] row, int first, int end) {
    int from = origin + y * stepY + first * stepX;
    for (int to = first * CHANNELS; to < end * CHANNELS; to += CHANNELS) {
      row[to] = pixels.get(from);
      row[to + 1] = pixels.get(from + 1);
      row[to + 2] = pixels.get(from + 2);
      from += stepX;
    }
  }
}
