package io.saccade.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** An RGB picture of a test. */
public final class Picture {
  private final int width;
  private final int height;
  private final byte[] rgb;

  private Picture(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public static Picture read(Path png) {
    try {
      return of(ImageIO.read(png.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int pixel = image.getRGB(i % width, i / width);
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return new Picture(width, height, rgb);
  }

  /** The part [left, left + width) of all rows. */
  public Picture columns(int left, int count) {
    byte[] part = new byte[count * height * 3];
    for (int y = 0; y < height; y++) {
      System.arraycopy(rgb, (y * width + left) * 3, part, y * count * 3, count * 3);
    }
    return new Picture(count, height, part);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The pixels, uint8 [height, width, 3]. */
  public byte[] rgb() {
    return rgb;
  }

  /** Mean difference of the values. */
  public static double meanDifference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }
}
