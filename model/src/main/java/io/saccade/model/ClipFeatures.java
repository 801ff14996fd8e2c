package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What a model has seen of a clip: its fast tokens, and the keys and values of its slow tokens in
 * each hybrid layer. Computed once by {@link SlowFastModel#encode}, it serves any number of
 * questions to the same model.
 *
 * <p>It lies in native memory, which {@link #close} releases; closing the model does so too. It is
 * confined to one thread at a time, together with its model.
 */
public final class ClipFeatures implements AutoCloseable {
  private final NDManager memory;
  private final NDArray fast; // [F, E]
  private final NDArray slow; // [H, 2, K, M, D]

  /** Takes over a memory scope that owns both arrays. */
  ClipFeatures(NDManager memory, NDArray fast, NDArray slow) {
    this.memory = memory;
    this.fast = fast;
    this.slow = slow;
  }

  NDArray fast() {
    return open(fast);
  }

  NDArray slow() {
    return open(slow);
  }

  /** Tokens of the clip that enter the prompt. */
  public int fastTokens() {
    return (int) fast().getShape().get(0);
  }

  /** Tokens of the clip that the text attends to. */
  public int slowTokens() {
    return (int) slow().getShape().get(3);
  }

  /** Bytes of native memory. */
  public long bytes() {
    return (fast().size() + slow().size()) * Float.BYTES;
  }

  private NDArray open(NDArray array) {
    if (!memory.isOpen()) {
      throw new IllegalStateException("The features of this clip are closed");
    }
    return array;
  }

  @Override
  public void close() {
    memory.close();
  }
}
