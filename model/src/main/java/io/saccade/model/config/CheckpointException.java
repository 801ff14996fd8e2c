package io.saccade.model.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A checkpoint folder, or one of its files, cannot be used. The message names the file, the key or
 * tensor, what was found and what is needed.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int PROBLEMS_LISTED = 10;

  /** Reports one problem. */
  public CheckpointException(String message) {
    super(message);
  }

  /** Reports one problem and what caused it. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Reports a file that cannot be read. */
  public static CheckpointException unreadable(Path file, Exception cause) {
    return new CheckpointException(file + " cannot be read: " + cause.getMessage(), cause);
  }

  /** Reports a file that cannot be written. */
  public static CheckpointException unwritable(Path file, Exception cause) {
    return new CheckpointException(file + " cannot be written: " + cause.getMessage(), cause);
  }

  /**
   * Reports all problems of a folder in one message, of which it lists the first ten and counts the
   * others.
   */
  public static CheckpointException of(Path folder, List<String> problems) {
    String listed = problems.stream().limit(PROBLEMS_LISTED).collect(Collectors.joining("; "));
    int others = problems.size() - PROBLEMS_LISTED;
    return new CheckpointException(
        "Checkpoint %s cannot be used: %s%s"
            .formatted(
                folder, listed, others > 0 ? "; and %d more problems".formatted(others) : ""));
  }
}
