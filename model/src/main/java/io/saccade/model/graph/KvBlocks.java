package io.saccade.model.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The KV caches of sequences under way. Sequences of similar length are slots of one block, a
 * tensor [N, 2, B, K, W, D], so that a step computes their attention together.
 *
 * <p>A block lives as long as one of its slots is taken. On the host its rows take memory when they
 * are first written, so that a free slot costs nothing. Rows that a slot has not written are read
 * where a neighbour is longer, with a weight of 0; they are cleared before.
 */
public final class KvBlocks {
  private static final int SLOTS = 8;

  /** Rows of a block are a multiple of this, so that sequences of similar length share one. */
  private static final int ROW_STEP = 512;

  /** Rows that are cleared at a time, ahead of need. */
  private static final int CLEARED_ROWS = 128;

  private final Graph graph;
  private final List<Block> blocks = new ArrayList<>();
  private int made;

  public KvBlocks(Graph graph) {
    this.graph = graph;
  }

  /** Takes the shortest slot that has room for so many rows. */
  public Slot take(int rows) {
    Block block =
        blocks.stream()
            .filter(one -> one.rows >= rows && one.rows < rows + ROW_STEP && one.hasRoom())
            .min(Comparator.comparingInt(one -> one.rows))
            .orElseGet(() -> add((rows + ROW_STEP - 1) / ROW_STEP * ROW_STEP));
    return block.take();
  }

  /**
   * Makes every row that a step reads a number.
   *
   * @param rows what the step appends to, in the order of their slots
   */
  public void prepare(List<Graph.StepRow> rows) {
    int begin = 0;
    while (begin < rows.size()) {
      Block block = rows.get(begin).slot().block;
      int longest = 0;
      int end = begin;
      while (end < rows.size() && rows.get(end).slot().block == block) {
        longest = Math.max(longest, rows.get(end).past() + 1);
        end++;
      }
      if (end - begin > 1) {
        block.clear(rows.get(end - 1).slot().index + 1, longest);
      }
      begin = end;
    }
  }

  private Block add(int rows) {
    Block block = new Block(rows, made++);
    blocks.add(block);
    return block;
  }

  /** A block and its free slots. */
  private final class Block {
    private final NDManager memory = graph.newScope();
    private final NDArray cells; // [N, 2, B, K, W, D]
    private final BitSet taken = new BitSet(SLOTS);
    private final int rows;
    private final int number;

    /** Rows of each slot, from the first, that are numbers. */
    private final int[] written = new int[SLOTS];

    Block(int rows, int number) {
      this.rows = rows;
      this.number = number;
      try {
        this.cells = graph.newBlock(SLOTS, rows, memory);
      } catch (RuntimeException e) {
        memory.close();
        throw e;
      }
    }

    boolean hasRoom() {
      return taken.cardinality() < SLOTS;
    }

    Slot take() {
      int index = taken.nextClearBit(0);
      taken.set(index);
      try {
        return new Slot(this, index);
      } catch (RuntimeException e) {
        free(index);
        throw e;
      }
    }

    void clear(int slots, int needed) {
      for (int index = 0; index < slots; index++) {
        if (written[index] < needed) {
          int end = Math.min(rows, needed + CLEARED_ROWS);
          try (NDManager scope = graph.newScope()) {
            graph.clearRows(graph.slot(cells, index, scope), written[index], end);
          }
          written[index] = end;
        }
      }
    }

    void free(int index) {
      taken.clear(index);
      if (taken.isEmpty()) {
        blocks.remove(this);
        memory.close();
      }
    }
  }

  /** One sequence's place in a block, until closed. */
  public final class Slot implements AutoCloseable {
    private final Block block;
    private final int index;
    private final NDManager scope = graph.newScope();
    private final NDArray cells; // [N, 2, K, W, D]
    private boolean open = true;

    private Slot(Block block, int index) {
      this.block = block;
      this.index = index;
      try {
        this.cells = graph.slot(block.cells, index, scope);
      } catch (RuntimeException e) {
        scope.close();
        throw e;
      }
    }

    /** Its own rows [N, 2, K, W, D]. */
    public NDArray cells() {
      return cells;
    }

    /** The block [N, 2, B, K, W, D]. */
    NDArray block() {
      return block.cells;
    }

    /** Its place in the block. */
    int index() {
      return index;
    }

    /** Notes that the first so many rows are written. */
    public void wrote(int rows) {
      block.written[index] = Math.max(block.written[index], rows);
    }

    /** Orders slots by block, then by place. */
    public int order() {
      return block.number * SLOTS + index;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        scope.close();
        block.free(index);
      }
    }
  }
}
