package io.saccade.video;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages video files in the ways that break parsers and decoders. See decision 38 in {@code
 * docs/decisions.md}.
 */
public final class Mutator {
  private static final int MAX_CHANGES = 8;
  private static final int HEAD_BYTES = 4096;

  private static final int[] TELLING = {
    0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, -1
  };

  /** Boxes whose numbers a demuxer lives by. */
  private static final List<String> BOXES =
      List.of(
          "moov", "trak", "mdia", "stbl", "stsd", "stts", "ctts", "stsc", "stsz", "stco", "stss",
          "elst", "tkhd", "mdhd", "mvhd", "hdlr", "avcC", "esds", "mdat", "moof", "trun", "tfhd");

  private final Random random;

  public Mutator(long seed) {
    random = new Random(seed);
  }

  /** A damaged copy of {@code seed}; {@code other} may lend a piece. */
  public byte[] mutate(byte[] seed, byte[] other) {
    byte[] bytes = seed.clone();
    for (int i = random.nextInt(MAX_CHANGES); i >= 0; i--) {
      bytes = change(bytes, other);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes, byte[] other) {
    if (bytes.length < 16) {
      return bytes;
    }
    return switch (random.nextInt(9)) {
      case 0 -> flipped(bytes, bytes.length);
      case 1 -> flipped(bytes, Math.min(bytes.length, HEAD_BYTES));
      case 2 -> Arrays.copyOf(bytes, place(bytes));
      case 3 -> overwritten(bytes, place(bytes), random.nextInt(64));
      case 4 -> withNumber(bytes, place(bytes));
      case 5, 6 -> boxEdited(bytes);
      case 7 -> cut(bytes);
      default -> spliced(bytes, other);
    };
  }

  private int place(byte[] bytes) {
    return random.nextInt(bytes.length);
  }

  private byte[] flipped(byte[] bytes, int within) {
    bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private byte[] overwritten(byte[] bytes, int from, int length) {
    for (int i = from; i < Math.min(from + length, bytes.length); i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private byte[] withNumber(byte[] bytes, int at) {
    int value = TELLING[random.nextInt(TELLING.length)];
    for (int i = 0; i < 4 && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >> (24 - 8 * i));
    }
    return bytes;
  }

  /** Changes a box's size or one of the first numbers in it. */
  private byte[] boxEdited(byte[] bytes) {
    byte[] name = BOXES.get(random.nextInt(BOXES.size())).getBytes(StandardCharsets.US_ASCII);
    int start = place(bytes);
    for (int i = 0; i < bytes.length - 4; i++) {
      int at = (start + i) % (bytes.length - 4);
      if (Arrays.equals(bytes, at, at + 4, name, 0, 4)) {
        return withNumber(bytes, Math.max(at - 4 + 4 * random.nextInt(10), 0));
      }
    }
    return flipped(bytes, bytes.length);
  }

  private byte[] cut(byte[] bytes) {
    int from = place(bytes);
    int to = Math.min(from + random.nextInt(2048), bytes.length);
    byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, result, from, bytes.length - to);
    return result;
  }

  private byte[] spliced(byte[] bytes, byte[] other) {
    int from = random.nextInt(other.length);
    int length = Math.min(random.nextInt(4096), other.length - from);
    int at = place(bytes);
    byte[] result = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(other, from, result, at, length);
    System.arraycopy(bytes, at, result, at + length, bytes.length - at);
    return result;
  }
}
