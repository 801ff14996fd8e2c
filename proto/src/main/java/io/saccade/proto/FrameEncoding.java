package io.saccade.proto;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.PixelEncoding;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * How the pixels of a {@link FrameTensor} are stored. Pixels are uint8 [height, width, 3], channels
 * red, green, blue of sRGB.
 *
 * @param format what a record says of itself
 * @param quality of a JPEG, 1 to 100 on the scale of libjpeg; 0 for a lossless encoding
 */
public record FrameEncoding(PixelEncoding format, int quality) {

  /** The pixels as they are. */
  public static final FrameEncoding RAW = new FrameEncoding(PixelEncoding.RAW_RGB_HWC_UINT8, 0);

  /** The pixels as one zstd frame; lossless. */
  public static final FrameEncoding ZSTD = new FrameEncoding(PixelEncoding.ZSTD_RGB_HWC_UINT8, 0);

  /** The quality of a JPEG where none is named. */
  public static final int DEFAULT_JPEG_QUALITY = 90;

  /** Largest height and width in pixels of a frame that is decoded. */
  public static final int MAX_SIZE = 2048;

  private static final int CHANNELS = 3;

  /** zstd's fastest ordinary level: on photographs the higher ones save next to nothing more. */
  private static final int ZSTD_LEVEL = 1;

  private static final Pattern JPEG_TEXT = Pattern.compile("jpeg(?::([0-9]{1,3}))?");

  /** Checks the quality. */
  public FrameEncoding {
    boolean jpeg = format == PixelEncoding.JPEG;
    if (!jpeg
        && format != PixelEncoding.RAW_RGB_HWC_UINT8
        && format != PixelEncoding.ZSTD_RGB_HWC_UINT8) {
      throw new IllegalArgumentException("'" + format + "' is no encoding of frames");
    }
    if (jpeg ? quality < 1 || quality > 100 : quality != 0) {
      throw new IllegalArgumentException(
          "quality=%d: must be 1 to 100 for jpeg, 0 for others".formatted(quality));
    }
  }

  /**
   * A JPEG.
   *
   * @param quality 1 to 100
   */
  public static FrameEncoding jpeg(int quality) {
    return new FrameEncoding(PixelEncoding.JPEG, quality);
  }

  /**
   * The encoding of a text: {@code raw}, {@code zstd}, {@code jpeg} or {@code jpeg:90}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static FrameEncoding parse(String text) {
    if (text.equals("raw")) {
      return RAW;
    }
    if (text.equals("zstd")) {
      return ZSTD;
    }
    Matcher jpeg = JPEG_TEXT.matcher(text);
    if (!jpeg.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no encoding of frames; write raw, zstd or jpeg:90");
    }
    return jpeg(jpeg.group(1) == null ? DEFAULT_JPEG_QUALITY : Integer.parseInt(jpeg.group(1)));
  }

  /**
   * Encodes pixels.
   *
   * @param rgb height x width x 3 bytes, which nobody changes afterwards: RAW keeps them
   * @throws IllegalArgumentException if there are more or fewer
   */
  public ByteString encode(ByteBuffer rgb, int height, int width) {
    if (rgb.remaining() != height * width * CHANNELS) {
      throw new IllegalArgumentException(
          "%d bytes are not %d x %d x 3".formatted(rgb.remaining(), height, width));
    }
    return switch (format) {
      case ZSTD_RGB_HWC_UINT8 -> wrap(Zstd.compress(array(rgb), ZSTD_LEVEL));
      case JPEG -> wrap(JpegPixels.encode(array(rgb), height, width, quality));
      default -> UnsafeByteOperations.unsafeWrap(rgb);
    };
  }

  /**
   * The record of a frame, but for what it is a frame of.
   *
   * @param rgb as for {@link #encode}
   */
  public FrameTensor.Builder tensor(ByteBuffer rgb, int height, int width) {
    ByteString data = encode(rgb, height, width);
    return FrameTensor.newBuilder()
        .setEncoding(format)
        .setHeight(height)
        .setWidth(width)
        .setChannels(CHANNELS)
        .setCrc32C(crc32c(data))
        .setData(data);
  }

  private static ByteString wrap(byte[] ours) {
    return UnsafeByteOperations.unsafeWrap(ours);
  }

  private static byte[] array(ByteBuffer bytes) {
    if (bytes.hasArray() && bytes.arrayOffset() == 0 && bytes.array().length == bytes.remaining()) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  /**
   * Decodes a frame as its record says. What it allocates is bounded by {@code size}, whatever the
   * bytes are.
   *
   * @param size the height and width in pixels that the frame must have, 1 to {@link #MAX_SIZE}
   * @return size x size x 3 bytes, read-only
   * @throws FrameFormatException if {@code size} is out of range, or the record promises another
   *     size or an unknown encoding, or its bytes are not what it promises
   */
  public static ByteBuffer decode(FrameTensor frame, int size) throws FrameFormatException {
    if (size < 1 || size > MAX_SIZE) {
      throw new FrameFormatException(
          "frames of %s pixels: 1 to %d are read"
              .formatted(Integer.toUnsignedString(size), MAX_SIZE));
    }
    if (frame.getHeight() != size || frame.getWidth() != size || frame.getChannels() != CHANNELS) {
      throw new FrameFormatException(
          "a frame of %s x %s x %s, not of %d x %d x 3"
              .formatted(
                  Integer.toUnsignedString(frame.getHeight()),
                  Integer.toUnsignedString(frame.getWidth()),
                  Integer.toUnsignedString(frame.getChannels()),
                  size,
                  size));
    }
    return switch (frame.getEncoding()) {
      case RAW_RGB_HWC_UINT8 -> raw(frame.getData(), size * size * CHANNELS);
      case ZSTD_RGB_HWC_UINT8 -> zstd(frame.getData(), size * size * CHANNELS);
      case JPEG ->
          ByteBuffer.wrap(JpegPixels.decode(frame.getData(), size, size)).asReadOnlyBuffer();
      default ->
          throw new FrameFormatException(
              "pixels in an encoding that is not known here: %d"
                  .formatted(frame.getEncodingValue()));
    };
  }

  private static ByteBuffer raw(ByteString data, int bytes) throws FrameFormatException {
    requireSize(data.size(), bytes);
    return data.asReadOnlyByteBuffer();
  }

  private static ByteBuffer zstd(ByteString data, int bytes) throws FrameFormatException {
    byte[] stored = data.toByteArray();
    requireSize(stored.length == 0 ? -1 : Zstd.getFrameContentSize(stored), bytes);
    byte[] pixels = new byte[bytes];
    try {
      requireSize(Zstd.decompress(pixels, stored), bytes);
    } catch (ZstdException e) {
      throw new FrameFormatException("no whole zstd frame", e);
    }
    return ByteBuffer.wrap(pixels).asReadOnlyBuffer();
  }

  private static void requireSize(long actual, int expected) throws FrameFormatException {
    if (actual != expected) {
      throw new FrameFormatException(
          actual < 0
              ? "no zstd frame that states its size"
              : "%d bytes of pixels, not %d".formatted(actual, expected));
    }
  }

  /** CRC-32C of a frame's stored bytes, as {@link FrameTensor#getCrc32C} has it. */
  public static int crc32c(ByteString data) {
    CRC32C crc = new CRC32C();
    data.asReadOnlyByteBufferList().forEach(crc::update);
    return (int) crc.getValue();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return switch (format) {
      case ZSTD_RGB_HWC_UINT8 -> "zstd";
      case JPEG -> "jpeg:" + quality;
      default -> "raw";
    };
  }
}
