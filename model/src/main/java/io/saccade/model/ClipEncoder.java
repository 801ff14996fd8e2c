package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encodes clips: pixels through the vision tower, the projector and the pooling of the two
 * pathways.
 *
 * <p>Frames go through the tower in chunks of a bounded number of pixels. Each chunk is copied to
 * one direct buffer that is reused, so that a caller may hand over buffers of any kind and no
 * native memory is left to the garbage collector.
 */
final class ClipEncoder {
  /** A chunk of 4 frames of 576 x 576: in the largest tower about 1 GiB of activations. */
  private static final long CHUNK_PIXELS = 4L * 576 * 576;

  private static final int CHANNELS = 3;

  private final NDManager manager;
  private final Graph graph;
  private final ModelConfig config;
  private final int frameBytes;
  private final int chunkFrames;
  private final ByteBuffer staging;

  ClipEncoder(NDManager manager, Graph graph, ModelConfig config) {
    this.manager = manager;
    this.graph = graph;
    this.config = config;
    int side = config.tower().imageSize();
    this.frameBytes = side * side * CHANNELS;
    this.chunkFrames = (int) Math.max(1, CHUNK_PIXELS / ((long) side * side));
    this.staging = ByteBuffer.allocateDirect(chunkFrames * frameBytes);
  }

  /** Encodes a clip; see {@link SlowFastModel#encode}. */
  ClipFeatures encode(List<ByteBuffer> frames) {
    check(frames);
    NDManager memory = manager.newSubManager();
    try (NDManager scratch = manager.newSubManager()) {
      NDArray tokens = graph.join(slowTokens(frames, scratch), scratch);
      return new ClipFeatures(memory, fast(tokens, memory), graph.slow(tokens, memory));
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private void check(List<ByteBuffer> frames) {
    if (frames.isEmpty() || frames.size() > ModelConfig.MAX_FRAMES) {
      throw new IllegalArgumentException(
          "A clip has %d frames, and 1 to %d are needed"
              .formatted(frames.size(), ModelConfig.MAX_FRAMES));
    }
    for (ByteBuffer frame : frames) {
      if (frame.remaining() != frameBytes) {
        int side = config.tower().imageSize();
        throw new IllegalArgumentException(
            "A frame has %d bytes, and %d are needed: %d x %d pixels of 3 bytes"
                .formatted(frame.remaining(), frameBytes, side, side));
      }
    }
  }

  private List<NDArray> slowTokens(List<ByteBuffer> frames, NDManager owner) {
    List<NDArray> chunks = new ArrayList<>();
    for (List<ByteBuffer> chunk : chunks(frames)) {
      try (NDManager scratch = manager.newSubManager()) {
        NDArray tokens = stages(chunk, frames.size(), scratch).slowTokens();
        tokens.attach(owner);
        chunks.add(tokens);
      }
    }
    return chunks;
  }

  /** All stages of a clip, for comparison with a reference. */
  ClipStages stages(List<ByteBuffer> frames, NDManager owner) {
    check(frames);
    List<ClipStages> chunks =
        chunks(frames).stream().map(chunk -> stages(chunk, frames.size(), owner)).toList();
    return new ClipStages(
        graph.join(chunks.stream().map(ClipStages::vision).toList(), owner),
        graph.join(chunks.stream().map(ClipStages::projected).toList(), owner),
        graph.join(chunks.stream().map(ClipStages::slowTokens).toList(), owner));
  }

  private List<List<ByteBuffer>> chunks(List<ByteBuffer> frames) {
    return IntStream.iterate(0, begin -> begin < frames.size(), begin -> begin + chunkFrames)
        .mapToObj(begin -> frames.subList(begin, Math.min(begin + chunkFrames, frames.size())))
        .toList();
  }

  private ClipStages stages(List<ByteBuffer> chunk, int clipFrames, NDManager owner) {
    NDArray vision = graph.vision(pixels(chunk, owner), owner);
    NDArray projected = graph.project(vision, owner);
    int stride = clipFrames == 1 ? 1 : config.slowStride(); // an image keeps all its tokens
    return new ClipStages(vision, projected, graph.pool(projected, stride, owner));
  }

  /**
   * Copies at most {@link #chunkFrames} frames to an array [c, S, S, 3] that is valid until the
   * next call.
   */
  private NDArray pixels(List<ByteBuffer> chunk, NDManager owner) {
    staging.clear();
    chunk.forEach(frame -> staging.put(frame.duplicate()));
    int side = config.tower().imageSize();
    return owner.create(
        staging.flip(), new Shape(chunk.size(), side, side, CHANNELS), DataType.UINT8);
  }

  /** The fast tokens [F, E] of a clip's slow tokens [T, n, E]. */
  private NDArray fast(NDArray tokens, NDManager owner) {
    int frames = (int) tokens.getShape().get(0);
    FastPathway pathway = config.fastPathway();
    return graph.fast(tokens, pathway.windows(frames), pathway.spatialStride(frames), owner);
  }
}
