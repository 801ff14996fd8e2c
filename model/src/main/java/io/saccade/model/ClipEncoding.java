package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.saccade.model.architecture.Arrangement;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.Graph;
import io.saccade.model.graph.ModelMemoryException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A clip on its way to {@link ClipFeatures}, piece by piece, so that a caller can do other work or
 * give up in between: some frames through the vision tower, the keys and values of the slow tokens
 * in one hybrid layer, or some tokens of the prompts' common beginning through the decoder.
 *
 * <p>Confined to its model's thread. {@link #close} releases everything but the features that were
 * taken.
 */
public final class ClipEncoding implements AutoCloseable {
  private final ModelDescription model;
  private final Graph graph;
  private final FrameStaging staging;
  private final List<ByteBuffer> frames;
  private final List<Long> before;
  private final boolean readSlow;
  private final NDManager memory;
  private final NDManager scratch;
  private final List<NDArray> chunks = new ArrayList<>();

  private int encoded; // frames that went through the tower
  private NDArray tokens; // [T, n, E]
  private NDArray fast; // [F, E]
  private NDArray slow; // [H, 2, K, M, D]
  private NDArray prefix; // [N, 2, K, P, D]
  private int hybrid; // hybrid layers whose slow keys and values are there
  private int prefilled; // tokens of the common beginning that are in the cache

  /**
   * Prepares the encoding of a clip.
   *
   * @param frames of the right number and size
   * @param before ids of the prompt before the fast tokens
   * @param readSlow whether they read the slow tokens, as they should but in a test
   */
  ClipEncoding(
      ModelDescription model,
      Graph graph,
      FrameStaging staging,
      List<ByteBuffer> frames,
      List<Long> before,
      boolean readSlow) {
    this.model = model;
    this.graph = graph;
    this.staging = staging;
    this.frames = frames;
    this.before = before;
    this.readSlow = readSlow;
    this.memory = graph.newScope();
    this.scratch = graph.newScope();
  }

  /** What a piece computes. */
  public enum Stage {
    /** Tokens of some frames: vision tower, projector, pooling. */
    FRAMES,
    /** Fast tokens, or the keys and values of the slow tokens in one hybrid layer. */
    SLOW,
    /** The decoder's keys and values of some tokens of the prompts' common beginning. */
    PREFIX,
    /** Nothing is left. */
    DONE
  }

  /** What the next piece computes. */
  public Stage next() {
    if (encoded < frames.size()) {
      return Stage.FRAMES;
    } else if (tokens == null || hybrid < model.decoder().hybridLayers().size()) {
      return Stage.SLOW;
    }
    return prefilled < prefixTokens() ? Stage.PREFIX : Stage.DONE;
  }

  /**
   * Computes the next piece.
   *
   * @return whether that was the last one
   * @throws ModelMemoryException if there is no memory for it; the piece can be tried again
   */
  public boolean step() {
    switch (next()) {
      case FRAMES -> encodeFrames();
      case SLOW -> slow();
      case PREFIX -> prefill();
      case DONE -> {}
    }
    return next() == Stage.DONE;
  }

  private void slow() {
    if (tokens == null) {
      join();
    } else {
      graph.slow(tokens, hybrid, slow);
      hybrid++;
    }
  }

  private void encodeFrames() {
    int end = Math.min(encoded + staging.capacity(), frames.size());
    NDArray chunk;
    try (NDManager call = graph.newScope()) {
      NDArray pixels = staging.fill(frames.subList(encoded, end), call);
      chunk = graph.encode(pixels, model.arrangement().pooling(frames.size()), scratch);
    }
    chunks.add(chunk);
    encoded = end;
  }

  private void join() {
    NDArray joined = graph.join(chunks, scratch);
    Arrangement arrangement = model.arrangement();
    int count = frames.size();
    fast = graph.fast(joined, arrangement.windows(count), arrangement.fastPooling(count), memory);
    slow = graph.newMemory(model.slowTokens(count), memory);
    prefix = graph.newCache(prefixTokens(), memory);
    chunks.forEach(NDArray::close);
    tokens = joined;
  }

  private void prefill() {
    int end = Math.min(prefilled + graph.pieceTokens(), prefixTokens());
    graph.prefix(before, fast, prefilled, end, readSlow, slow, prefix);
    prefilled = end;
  }

  private int prefixTokens() {
    return before.size() + (int) fast.getShape().get(0);
  }

  /**
   * The features, which then are the caller's.
   *
   * @throws IllegalStateException if pieces are left
   */
  public ClipFeatures features() {
    if (next() != Stage.DONE) {
      throw new IllegalStateException("The clip is not encoded yet: step() until it says so");
    }
    scratch.close();
    return new ClipFeatures(memory, fast, slow, prefix, frames.size(), graph.elementBytes());
  }

  /** Gives up what was computed, unless it was taken as features. */
  @Override
  public void close() {
    if (scratch.isOpen()) {
      scratch.close();
      memory.close();
    }
  }

  /** Where frames are copied for the module, which reads them in place; reused by each chunk. */
  public static final class FrameStaging {
    private static final int CHANNELS = 3;

    private final int side;
    private final int capacity;
    private final ByteBuffer bytes;

    /**
     * Space for some frames.
     *
     * @param side their side in pixels
     * @param capacity their number
     */
    FrameStaging(int side, int capacity) {
      this.side = side;
      this.capacity = capacity;
      this.bytes = ByteBuffer.allocateDirect(capacity * frameBytes());
    }

    public int capacity() {
      return capacity;
    }

    int frameBytes() {
      return side * side * CHANNELS;
    }

    /** Copies at most {@link #capacity} frames to an array [c, S, S, 3], valid until the next. */
    public NDArray fill(List<ByteBuffer> chunk, NDManager owner) {
      bytes.clear();
      chunk.forEach(frame -> bytes.put(frame.duplicate()));
      return owner.create(
          bytes.flip(), new Shape(chunk.size(), side, side, CHANNELS), DataType.UINT8);
    }
  }
}
