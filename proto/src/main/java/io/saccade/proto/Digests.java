package io.saccade.router;

import com.google.protobuf.MessageLite;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names things by what they are made of. */
final class Digests {

  /** Bytes of a digest: collisions are out of the question below 2^60 things. */
  private static final int BYTES = 16;

  private Digests() {}

  /**
   * The start of the SHA-256 of a message as protobuf bytes, 32 lower-case hexadecimal digits. The
   * bytes name each field and give each length and so are unambiguous; in a message without maps
   * they are the same everywhere.
   */
  static String of(MessageLite message) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(message.toByteArray());
      return HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
