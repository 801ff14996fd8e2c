package io.saccade.cli.option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a question as a user gives it. */
public final class QuestionText {

  /** More than any record may have, so that no longer text needs to be read. */
  private static final int MOST_BYTES = 16 << 20;

  private QuestionText() {}

  /**
   * The text of a question.
   *
   * @param text the text itself, or {@code -} for that of {@code input}
   * @param input UTF-8; a line end at its end is no part of the text
   * @throws IllegalArgumentException if the input is not UTF-8 or longer than 16 MiB
   * @throws IOException if the input cannot be read
   */
  public static String of(String text, InputStream input) throws IOException {
    if (!text.equals("-")) {
      return text;
    }
    byte[] bytes = input.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException("the question on standard input is longer than 16 MiB");
    }
    try {
      String read = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read.replaceFirst("\\R\\z", "");
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the question on standard input is not UTF-8", e);
    }
  }
}
