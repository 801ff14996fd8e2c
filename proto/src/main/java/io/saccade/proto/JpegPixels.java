package io.saccade.proto;

import com.google.protobuf.ByteString;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * RGB pixels as JPEG and back, by the JDK's codec (libjpeg). Chroma is kept at full resolution
 * (4:4:4), so that coloured edges stay where they are.
 */
final class JpegPixels {

  private static final String METADATA = "javax_imageio_jpeg_image_1.0";
  private static final int[] RED_GREEN_BLUE = {0, 1, 2};

  private JpegPixels() {}

  /**
   * Encodes uint8 [height, width, 3].
   *
   * @param quality 1 to 100
   */
  static byte[] encode(byte[] rgb, int height, int width, int quality) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rgb.length / 8);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality / 100f);
      BufferedImage image = image(rgb, height, width);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, fullChroma(writer, image, param)), param);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static IIOMetadata fullChroma(
      ImageWriter writer, BufferedImage image, ImageWriteParam param) throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
    Element root = (Element) metadata.getAsTree(METADATA);
    Node luma = root.getElementsByTagName("componentSpec").item(0);
    ((Element) luma).setAttribute("HsamplingFactor", "1");
    ((Element) luma).setAttribute("VsamplingFactor", "1");
    metadata.setFromTree(METADATA, root);
    return metadata;
  }

  /**
   * Decodes to uint8 [height, width, 3].
   *
   * @throws FrameFormatException if the bytes are not a plain JPEG of exactly this size, whole and
   *     without a complaint of the decoder
   */
  static byte[] decode(ByteString data, int height, int width) throws FrameFormatException {
    JpegHeader header = JpegHeader.read(data);
    if (header.height() != height || header.width() != width) {
      throw new FrameFormatException(
          "a JPEG of %d x %d pixels, not of %d x %d"
              .formatted(header.height(), header.width(), height, width));
    }
    byte[] rgb = new byte[height * width * RED_GREEN_BLUE.length];
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    AtomicBoolean complaint = new AtomicBoolean();
    reader.addIIOReadWarningListener((source, warning) -> complaint.set(true));
    try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(data.newInput())) {
      reader.setInput(in, true, true);
      ImageReadParam param = reader.getDefaultReadParam();
      param.setDestination(image(rgb, height, width));
      reader.read(0, param);
    } catch (IOException | RuntimeException e) { // the codec throws both for what it cannot read
      throw new FrameFormatException("a JPEG that cannot be decoded", e);
    } finally {
      reader.dispose();
    }
    if (complaint.get()) {
      throw new FrameFormatException("a JPEG that is cut or damaged");
    }
    return rgb;
  }

  /** A view of the pixels, not a copy. */
  private static BufferedImage image(byte[] rgb, int height, int width) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length),
            width,
            height,
            width * RED_GREEN_BLUE.length,
            RED_GREEN_BLUE.length,
            RED_GREEN_BLUE,
            null);
    ComponentColorModel srgb =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ComponentColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(srgb, raster, false, null);
  }
}
