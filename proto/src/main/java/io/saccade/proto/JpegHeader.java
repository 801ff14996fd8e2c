package io.saccade.proto;

import com.google.protobuf.ByteString;

/**
 * What a JPEG says of itself before its pixels, read without decoding anything. Only the plain kind
 * that the contract names passes: a decoder would do more for others (progressive scans without
 * end, colour profiles, previews) than a frame is worth.
 *
 * @param height pixels
 * @param width pixels
 */
record JpegHeader(int height, int width) {

  private static final int START_OF_IMAGE = 0xffd8;
  private static final int APP0 = 0xffe0;
  private static final int BASELINE_FRAME = 0xffc0;
  private static final int START_OF_SCAN = 0xffda;
  private static final int QUANTISATION_TABLES = 0xffdb;
  private static final int HUFFMAN_TABLES = 0xffc4;
  private static final int RESTART_INTERVAL = 0xffdd;
  private static final int COMMENT = 0xfffe;

  private static final ByteString JFIF = ByteString.copyFromUtf8("JFIF\0");
  private static final int BITS = 8;
  private static final int COMPONENTS = 3;

  /**
   * Reads up to the scan.
   *
   * @throws FrameFormatException if it is no baseline JFIF of three components in one scan
   */
  static JpegHeader read(ByteString data) throws FrameFormatException {
    if (u16(data, 0) != START_OF_IMAGE || u16(data, 2) != APP0 || !isJfif(data)) {
      throw new FrameFormatException("no JPEG that begins with a JFIF segment");
    }
    JpegHeader header = null;
    int at = next(data, 2);
    while (true) {
      int marker = u16(data, at);
      switch (marker) {
        case BASELINE_FRAME -> header = frame(data, at, header);
        case QUANTISATION_TABLES, HUFFMAN_TABLES, RESTART_INTERVAL, COMMENT -> {
          // The decoder checks them.
        }
        case START_OF_SCAN -> {
          if (header == null || u8(data, at + 4) != COMPONENTS) {
            throw new FrameFormatException("a JPEG whose components are not in one scan");
          }
          return header;
        }
        default ->
            throw new FrameFormatException(
                "a JPEG with segment %04x, which frames do not have".formatted(marker));
      }
      at = next(data, at);
    }
  }

  private static boolean isJfif(ByteString data) {
    return data.size() >= 6 + JFIF.size() && data.substring(6, 6 + JFIF.size()).equals(JFIF);
  }

  private static JpegHeader frame(ByteString data, int at, JpegHeader before)
      throws FrameFormatException {
    if (before != null || u8(data, at + 4) != BITS || u8(data, at + 9) != COMPONENTS) {
      throw new FrameFormatException("a JPEG that is not one image of three 8-bit components");
    }
    return new JpegHeader(u16(data, at + 5), u16(data, at + 7));
  }

  /** Where the segment after the one at {@code at} begins. */
  private static int next(ByteString data, int at) throws FrameFormatException {
    int length = u16(data, at + 2);
    if (length < 2) {
      throw new FrameFormatException("a JPEG with a segment of no length");
    }
    return at + 2 + length;
  }

  private static int u16(ByteString data, int at) throws FrameFormatException {
    return u8(data, at) << 8 | u8(data, at + 1);
  }

  private static int u8(ByteString data, int at) throws FrameFormatException {
    if (at >= data.size()) {
      throw new FrameFormatException("a JPEG that ends before its pixels");
    }
    return data.byteAt(at) & 0xff;
  }
}
