package io.saccade.model.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What a model has seen of a clip, computed once for any number of questions to the same model: the
 * keys and values of its slow tokens in each hybrid layer, its fast tokens, and the decoder's keys
 * and values of what every prompt on it begins with, the system's words and the fast tokens. A
 * question only adds its own text.
 *
 * <p>It lies in native memory, which {@link #close} releases; closing the model does so too. It is
 * confined to one thread at a time, together with its model.
 */
public final class ClipFeatures implements AutoCloseable {
  private final NDManager memory;
  private final NDArray fast; // [F, E]
  private final NDArray slow; // [H, 2, K, M, D]
  private final NDArray prefix; // [N, 2, K, P, D]
  private final int frames;
  private final long bytes;

  /**
   * Takes over a memory scope that owns the arrays.
   *
   * @param elementBytes bytes of one element of each
   */
  public ClipFeatures(
      NDManager memory, NDArray fast, NDArray slow, NDArray prefix, int frames, int elementBytes) {
    this.memory = memory;
    this.fast = fast;
    this.slow = slow;
    this.prefix = prefix;
    this.frames = frames;
    this.bytes = (fast.size() + slow.size() + prefix.size()) * elementBytes;
  }

  public NDArray fast() {
    return open(fast);
  }

  public NDArray slow() {
    return open(slow);
  }

  public NDArray prefix() {
    return open(prefix);
  }

  /** Frames of the clip. */
  public int frames() {
    return frames;
  }

  /** Tokens of the clip that enter the prompt. */
  public int fastTokens() {
    return (int) fast().getShape().get(0);
  }

  /** Tokens of the clip that the text attends to. */
  public int slowTokens() {
    return (int) slow().getShape().get(3);
  }

  /** Tokens that every prompt on the clip begins with, the fast tokens among them. */
  public int prefixTokens() {
    return (int) prefix().getShape().get(3);
  }

  /** Bytes of native memory. */
  public long bytes() {
    open(fast);
    return bytes;
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
