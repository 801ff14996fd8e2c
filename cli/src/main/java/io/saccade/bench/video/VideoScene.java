package io.saccade.bench.video;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Pictures that cost an encoder and a decoder about what a camera's do: a textured background that
 * pans, objects that move over it, and sensor noise. The same for the same size, always.
 */
final class VideoScene {
  /** Edge of the square texture, a power of two; it repeats beyond. */
  private static final int TEXTURE = 1024;

  private static final int COARSEST = 256;
  private static final int FINEST = 4;
  private static final int MIDDLE = 128;

  /** So that no sum of octaves and noise leaves the range of a byte. */
  private static final int CONTRAST = 30;

  private static final int NOISE = 5;
  private static final int NOISE_BYTES = 1 << 20;
  private static final int OBJECTS = 5;

  private final int width;
  private final int height;
  private final byte[] texture;
  private final byte[] noise = new byte[NOISE_BYTES];
  private final byte[] silence = new byte[NOISE_BYTES];
  private final byte[] plane;
  private final Random noiseStart = new Random(2);

  /** Pictures of this size, both even. */
  VideoScene(int width, int height) {
    this.width = width;
    this.height = height;
    this.plane = new byte[width * height];
    Random random = new Random(1);
    this.texture = texture(random);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) Math.round(Math.max(-3, Math.min(3, random.nextGaussian())) * NOISE / 3);
    }
  }

  /** Sum of smooth random fields, each twice as fine and a third weaker than the one before. */
  private static byte[] texture(Random random) {
    float[] sum = new float[TEXTURE * TEXTURE];
    for (int cell = COARSEST; cell >= FINEST; cell /= 2) {
      float strength = (float) Math.sqrt((double) cell / COARSEST);
      float[] grid = new float[TEXTURE / cell * (TEXTURE / cell)];
      for (int i = 0; i < grid.length; i++) {
        grid[i] = (random.nextFloat() - 0.5f) * CONTRAST * 2 * strength;
      }
      add(sum, grid, cell);
    }
    byte[] texture = new byte[sum.length];
    for (int i = 0; i < sum.length; i++) {
      texture[i] = (byte) (MIDDLE + sum[i]);
    }
    return texture;
  }

  /** Adds a grid of random values, interpolated bilinearly between its points. */
  private static void add(float[] sum, float[] grid, int cell) {
    int cells = TEXTURE / cell;
    for (int y = 0; y < TEXTURE; y++) {
      int top = y / cell * cells;
      int bottom = (y / cell + 1) % cells * cells;
      float down = y % cell / (float) cell;
      for (int x = 0; x < TEXTURE; x++) {
        int left = x / cell;
        int right = (left + 1) % cells;
        float along = x % cell / (float) cell;
        float above = grid[top + left] * (1 - along) + grid[top + right] * along;
        float below = grid[bottom + left] * (1 - along) + grid[bottom + right] * along;
        sum[y * TEXTURE + x] += above * (1 - down) + below * down;
      }
    }
  }

  /**
   * Draws a picture.
   *
   * @param number of the picture, from 0
   * @param out YUV 4:2:0, the three planes one after the other; filled to its end
   */
  void draw(int number, ByteBuffer out) {
    out.clear();
    out.put(luma(number), 0, width * height);
    int half = width / 2 * (height / 2);
    out.put(chroma(number, 0), 0, half);
    out.put(chroma(number, TEXTURE / 2), 0, half);
    out.flip();
  }

  private byte[] luma(int number) {
    fill(0, 0, width, height, width, number * 3 / 2, number / 2, noise);
    for (int object = 0; object < OBJECTS; object++) {
      int edge = height / (4 + object);
      double angle = number / (20.0 + 7 * object) + object;
      int left = (int) ((width - edge) * (0.5 + 0.5 * Math.sin(angle)));
      int top = (int) ((height - edge) * (0.5 + 0.5 * Math.cos(angle * 0.7)));
      int texel = (object + 1) * TEXTURE / (OBJECTS + 1);
      fill(left, top, edge, edge, width, texel, texel, noise);
    }
    return plane;
  }

  private byte[] chroma(int number, int texel) {
    fill(0, 0, width / 2, height / 2, width / 2, number * 3 / 4 + texel, number / 4, silence);
    return plane;
  }

  /** Fills a rectangle of the plane with texture from (u, v) on, plus what {@code grain} holds. */
  private void fill(
      int left, int top, int across, int down, int stride, int u, int v, byte[] grain) {
    for (int y = 0; y < down; y++) {
      int at = (top + y) * stride + left;
      int row = (v + y) % TEXTURE * TEXTURE;
      for (int x = 0; x < across; ) {
        int texel = (u + x) % TEXTURE;
        int run = Math.min(across - x, TEXTURE - texel);
        int grainAt = noiseStart.nextInt(NOISE_BYTES - TEXTURE);
        for (int i = 0; i < run; i++) {
          plane[at + x + i] = (byte) (texture[row + texel + i] + grain[grainAt + i]);
        }
        x += run;
      }
    }
  }
}
