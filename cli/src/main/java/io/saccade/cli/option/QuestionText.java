package io.saccade.cli.option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a question as a user gives it. */
public final class QuestionText {

  /** More than any record takes, and so enough to read. */
  private static final int MOST_BYTES = 16 << 20;

  private QuestionText() {}

  /**
   * The text itself, or standard input for {@code -}, UTF-8, without its last line end.
   *
   * @throws IllegalArgumentException if the input is not UTF-8 or beyond 16 MiB
   */
  public static String of(String text, InputStream input) throws IOException {
    if (!text.equals("-")) {
      return text;
    }
    byte[] bytes = input.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException("the question on standard input is beyond 16 MiB");
    }
    try {
      String read = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read.replaceFirst("\\R\\z", "");
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the question on standard input is not UTF-8", e);
    }
  }
}
