package io.saccade.cli.command.video;

import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes the frames of one video as PNG files, each when it is delivered. */
final class VideoPngs implements FrameSink {

  private static final int CHANNELS = 3;

  /** Keeps file names below the limit of file systems, in characters. */
  private static final int MAX_STEM = 100;

  static {
    System.setProperty("java.awt.headless", "true"); // a JRE without desktop libraries suffices
    ImageIO.setUseCache(false);
  }

  private final Path folder;
  private final String prefix;
  private final List<Frame> frames = new ArrayList<>();
  private final List<Path> written = new ArrayList<>();

  /**
   * One position of the sample.
   *
   * @param index among the frames of the (ranged) video
   * @param ptsSeconds presentation time on the stream's own clock
   * @param png name of the file in the folder; positions that repeat a frame share it
   */
  record Frame(int index, double ptsSeconds, String png) {}

  /**
   * A sink for the frames of one video.
   *
   * @param folder an existing folder
   * @param number of the video among those that share the folder, which makes file names unique
   * @param name of the video; may have any characters
   */
  VideoPngs(Path folder, int number, String name) {
    this.folder = folder;
    String stem = name.replaceAll("[^A-Za-z0-9._-]", "_");
    this.prefix = "%04d-%s".formatted(number, stem.substring(0, Math.min(stem.length(), MAX_STEM)));
  }

  @Override
  public void accept(SampledFrame frame) {
    String png = "%s-%06d.png".formatted(prefix, frame.frameIndex());
    Path file = folder.resolve(png);
    written.add(file);
    try (OutputStream out = Files.newOutputStream(file)) {
      ImageIO.write(image(frame), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
    Frame position = new Frame(frame.frameIndex(), frame.pts().toNanos() / 1e9, png);
    for (int i = 0; i < frame.positions(); i++) {
      frames.add(position);
    }
  }

  /** Deletes the files, since the frames so far are not valid. */
  @Override
  public void restart() {
    for (Path file : written) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(file + " cannot be removed", e);
      }
    }
    written.clear();
    frames.clear();
  }

  /** All positions of the sample so far, in order. */
  List<Frame> frames() {
    return List.copyOf(frames);
  }

  private static BufferedImage image(SampledFrame frame) {
    byte[] rgb = frame.rgb().array();
    var raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length),
            frame.width(),
            frame.height(),
            CHANNELS * frame.width(),
            CHANNELS,
            new int[] {0, 1, 2},
            null);
    var colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(colours, raster, false, null);
  }
}
