package io.saccade.proto;

import com.google.protobuf.MessageLite;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names things by what they are made of. */
public final class Digests {

  /** Bytes of a digest: collisions are out of the question below 2^60 things. */
  private static final int BYTES = 16;

  private Digests() {}

  /**
   * The start of the SHA-256 of messages as protobuf bytes, one after another, 32 lower-case
   * hexadecimal digits. The bytes name each field and give each length, so those of one message are
   * unambiguous: who gives several has to see that theirs are. In messages without maps they are
   * the same everywhere.
   */
  public static String of(MessageLite... messages) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (MessageLite message : messages) {
        sha.update(message.toByteArray());
      }
      return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
