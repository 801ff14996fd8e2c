package io.saccade.cli.command;

import io.saccade.proto.v1.AnswerChunk;

/**
 * Assembles the text of one answer from its pieces. The first piece of another worker, or of a
 * later attempt, replaces the text so far. A piece after a missing one is ignored, as are all that
 * follow it; the text that they lack comes with the Answer. Not thread-safe.
 */
final class StreamedAnswer {

  private final StringBuilder text = new StringBuilder();
  private int attempt;
  private String worker = "";
  private int next;

  /**
   * Adds a piece of this answer.
   *
   * @return the text to print: that of the piece, after a line end if it replaces earlier text, or
   *     nothing if the piece is ignored
   */
  String add(AnswerChunk chunk) {
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

  /** Whether no piece was added yet. */
  boolean isEmpty() {
    return text.isEmpty();
  }

  /**
   * The text that completes what was printed to the whole answer. If the pieces were not its
   * beginning, this is a line end and the whole answer.
   */
  String rest(String answer) {
    if (answer.startsWith(text.toString())) {
      return answer.substring(text.length());
    }
    return "\n" + answer;
  }
}
