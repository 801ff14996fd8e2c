package io.saccade.model.graph;

/**
 * The host or the device had no memory left for a computation. What was computed on is as it was,
 * so that the same call can be made again once something else is closed.
 */
public final class ModelMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Reports it; for engines of other makes, too.
   *
   * @param message the engine's words
   * @param cause what the engine threw, or null
   */
  public ModelMemoryException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether an engine's words say that memory ran out: host, CUDA and cuBLAS put it differently.
   */
  static boolean isMeantBy(String message) {
    return message != null
        && (message.contains("out of memory")
            || message.contains("not enough memory")
            || message.contains("can't allocate memory")
            || message.contains("CUBLAS_STATUS_ALLOC_FAILED"));
  }
}
