package io.saccade.video.image;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a coded picture is rotated and mirrored for display, from the 2x2 part of FFmpeg's display
 * matrix. There are eight orientations; a matrix with another angle is mapped to the nearest of
 * them. Public for the package {@code decode} only.
 *
 * @param transposed whether rows become columns; applied first
 * @param flippedX whether the result is then mirrored left to right
 * @param flippedY whether the result is then mirrored top to bottom
 */
public record Orientation(boolean transposed, boolean flippedX, boolean flippedY) {
  /** No rotation and no mirroring. */
  public static final Orientation UPRIGHT = new Orientation(false, false, false);

  /** Nine 32-bit numbers, row by row: a b u, c d v, x y w. */
  private static final int MATRIX_BYTES = 36;

  /** The orientation of a decoded frame; {@link #UPRIGHT} if it has no display matrix. */
  public static Orientation of(AVFrame frame) {
    AVFrameSideData matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.size() < MATRIX_BYTES) {
      return UPRIGHT;
    }
    IntPointer m = new IntPointer(matrix.data());
    return ofMatrix(m.get(0), m.get(1), m.get(3), m.get(4));
  }

  /**
   * The orientation of a display matrix: a point (x, y) of the picture, y downwards, is shown at (a
   * x + c y, b x + d y).
   */
  static Orientation ofMatrix(long a, long b, long c, long d) {
    if (Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c)) {
      return new Orientation(false, a < 0, d < 0);
    }
    return new Orientation(true, c < 0, b < 0);
  }

  /** Clockwise rotation for display, after {@link #mirrored()}: 0, 90, 180 or 270 degrees. */
  public int rotationDegrees() {
    if (transposed) {
      return flippedX ? 90 : 270;
    }
    return flippedY ? 180 : 0;
  }

  /** Whether the picture is mirrored left to right before it is rotated. */
  public boolean mirrored() {
    return transposed == (flippedX == flippedY);
  }

  /** Displayed width of a picture with this coded size. */
  public int displayWidth(int width, int height) {
    return transposed ? height : width;
  }

  /** Displayed height of a picture with this coded size. */
  public int displayHeight(int width, int height) {
    return transposed ? width : height;
  }
}
