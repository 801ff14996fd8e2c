package io.saccade.video;

import java.util.Arrays;

/**
 * Resizes RGB pictures of one size to a square, with the same result as Pillow's {@code
 * Image.resize(..., BICUBIC)} on 8-bit images: one axis after the other, rounded to 8 bits after
 * each. Only what the centre crop keeps is computed.
 *
 * <p>Source rows are read once, in order, and added to the few output rows they count for, so a
 * picture is never held as a whole. Not thread-safe; keep one for pictures of the same size.
 */
public final class PillowBicubic {
  private static final int CHANNELS = 3;
  private static final int HALF = 1 << (AxisTaps.FRACTION_BITS - 1);

  private final int size;
  private final boolean rowsFirst;
  private final AxisTaps columns;
  private final AxisTaps rows;
  private final byte[] sourceRow;
  private final int[] wide;
  private final int[] narrow;
  private final int[][] sums;

  /** Where the rows of a picture come from. */
  @FunctionalInterface
  public interface RowSource {
    /**
     * Reads pixels of a row.
     *
     * @param y row, 0-based from the top
     * @param row [width, 3] uint8 RGB; only pixels {@code first} to {@code end - 1} need be filled
     */
    void read(int y, byte[] row, int first, int end);
  }

  /**
   * A resizer for pictures of one size.
   *
   * @param width width of the pictures in pixels, at least 1
   * @param height height of the pictures in pixels, at least 1
   * @param size edge of the result in pixels, at least 1
   * @param rule how a picture that is not square becomes one
   */
  public PillowBicubic(int width, int height, int size, ResizeRule rule) {
    if (width < 1 || height < 1 || size < 1) {
      throw new IllegalArgumentException(
          "%dx%d to %d is no resize; all three must be positive".formatted(width, height, size));
    }
    this.size = size;
    int resizedWidth = resizedLength(width, height, size, rule);
    int resizedHeight = resizedLength(height, width, size, rule);
    this.columns = new AxisTaps(width, resizedWidth, (resizedWidth - size) / 2, size);
    this.rows = new AxisTaps(height, resizedHeight, (resizedHeight - size) / 2, size);
    this.rowsFirst = rowsFirst(width - resizedWidth, height - resizedHeight);
    this.sourceRow = new byte[Math.multiplyExact(width, CHANNELS)];
    this.wide = new int[sourceRow.length];
    this.narrow = new int[size * CHANNELS];
    this.sums = new int[rows.overlap()][rowsFirst ? wide.length : narrow.length];
  }

  private static int resizedLength(int length, int other, int size, ResizeRule rule) {
    if (rule == ResizeRule.SQUASH || length <= other) {
      return size;
    }
    return Math.toIntExact((long) size * length / other);
  }

  /**
   * Pillow filters along x first, unless the picture loses many more rows than columns (found by
   * comparing Pillow 13 with both orders on 6,000 pairs of sizes).
   */
  private static boolean rowsFirst(int lostColumns, int lostRows) {
    return lostRows > 0 && lostRows > 2L * lostColumns;
  }

  /**
   * Resizes a picture that lies in memory.
   *
   * @param rgb uint8 [height, width, 3]
   * @return uint8 [size, size, 3], a new array
   */
  public byte[] resize(byte[] rgb) {
    int stride = sourceRow.length;
    return resize(
        (y, row, first, end) ->
            System.arraycopy(
                rgb,
                y * stride + first * CHANNELS,
                row,
                first * CHANNELS,
                (end - first) * CHANNELS));
  }

  /**
   * Resizes a picture read row by row, from the first row that counts to the last.
   *
   * @return uint8 [size, size, 3], a new array
   */
  public byte[] resize(RowSource source) {
    byte[] result = new byte[size * size * CHANNELS];
    int begun = 0;
    int finished = 0;
    for (int y = rows.start(0); finished < size; y++) {
      for (; begun < size && rows.start(begun) <= y; begun++) {
        Arrays.fill(sums(begun), HALF);
      }
      int[] line = line(source, y);
      for (int i = finished; i < begun; i++) {
        addWeighted(rows.weights(i)[y - rows.start(i)], line, sums(i));
      }
      for (; finished < begun && rows.end(finished) == y + 1; finished++) {
        store(sums(finished), result, finished * narrow.length);
      }
    }
    return result;
  }

  /** The sums of output row {@code i}; a slot is used again once its row is finished. */
  private int[] sums(int i) {
    return sums[i % sums.length];
  }

  private int[] line(RowSource source, int y) {
    int first = columns.start(0);
    int end = columns.end(size - 1);
    source.read(y, sourceRow, first, end);
    for (int i = first * CHANNELS; i < end * CHANNELS; i++) {
      wide[i] = sourceRow[i] & 0xff;
    }
    return rowsFirst ? wide : narrowed(wide);
  }

  /** Filters a line along x. */
  private int[] narrowed(int[] values) {
    for (int i = 0; i < size; i++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = columns.start(i) * CHANNELS;
      for (int weight : columns.weights(i)) {
        red += weight * values[at];
        green += weight * values[at + 1];
        blue += weight * values[at + 2];
        at += CHANNELS;
      }
      narrow[i * CHANNELS] = rounded(red);
      narrow[i * CHANNELS + 1] = rounded(green);
      narrow[i * CHANNELS + 2] = rounded(blue);
    }
    return narrow;
  }

  private static void addWeighted(int weight, int[] values, int[] sums) {
    for (int i = 0; i < values.length; i++) {
      sums[i] += weight * values[i];
    }
  }

  private void store(int[] sums, byte[] target, int offset) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = rounded(sums[i]);
    }
    int[] line = rowsFirst ? narrowed(sums) : sums;
    for (int i = 0; i < line.length; i++) {
      target[offset + i] = (byte) line[i];
    }
  }

  private static int rounded(int sum) {
    return Math.min(Math.max(sum >> AxisTaps.FRACTION_BITS, 0), 255);
  }
}
