package io.saccade.cli.command;

import io.saccade.proto.v1.AnswerChunk;

/**
 * The text of one answer as its pieces come. Those of another attempt or another worker begin it
 * anew; a piece after a gap is left out, as are all behind it: the Answer brings the rest.
 */
final class Streamed {

  private final StringBuilder text = new StringBuilder();
  private int attempt;
  private String worker = "";
  private int next;

  /**
   * Takes a piece of this answer.
   *
   * @return what to print: the piece's text, or nothing; a new beginning starts with a line end
   */
  String take(AnswerChunk chunk) {
    String print = "";
    if (chunk.getSequence() == 0 && chunk.getAttempt() >= attempt) {
      print = text.isEmpty() ? "" : "\n";
      text.setLength(0);
      attempt = chunk.getAttempt();
      worker = chunk.getWorker();
      next = 0;
    }
    if (chunk.getAttempt() != attempt
        || !chunk.getWorker().equals(worker)
        || chunk.getSequence() != next) {
      return "";
    }
    next++;
    text.append(chunk.getText());
    return print + chunk.getText();
  }

  /** Whether nothing came yet. */
  boolean isEmpty() {
    return text.isEmpty();
  }

  /** What remains to print for the whole answer to stand there, on a line of its own if need be. */
  String rest(String answer) {
    if (answer.startsWith(text.toString())) {
      return answer.substring(text.length());
    }
    return "\n" + answer;
  }
}
