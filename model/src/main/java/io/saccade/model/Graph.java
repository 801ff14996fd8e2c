package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The network: the TorchScript module of {@code slow_fast.torchscript} with a checkpoint's weights.
 * Each method is one call into it; the letters of the shapes are those of the source's legend.
 *
 * <p>Arrays that a method returns belong to the manager handed to it, or else to the caller.
 */
final class Graph implements AutoCloseable {
  private static final String CLASS = "SlowFast";
  private static final String SOURCE = "slow_fast.torchscript";

  private final NDManager manager;
  private final PtSymbolBlock module;

  /** Weights that the module reads where they are. */
  private final List<ByteBuffer> inPlace = new ArrayList<>();

  /**
   * Loads the module, without weights.
   *
   * @param manager owner of the module
   * @param config shapes of the network
   * @param device where it runs, in PyTorch's words
   */
  Graph(NDManager manager, ModelConfig config, String device) {
    this.manager = manager;
    Map<String, Object> attributes = new LinkedHashMap<>(config.attributes());
    attributes.put("training", false);
    attributes.put("weights", Map.of());
    attributes.put("device_name", device);
    byte[] archive = TorchScriptArchive.of(CLASS, source(), attributes);
    try {
      this.module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
    putConstant("pixel_mean", config.tower().pixelMean());
    putConstant("pixel_std", config.tower().pixelStd());
  }

  /**
   * Hands a constant to the module, under a name that no checkpoint uses.
   *
   * @param name the name under which the source asks for it
   * @param values its elements
   */
  private void putConstant(String name, List<Double> values) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(value -> bytes.putFloat(value.floatValue()));
    put(
        name,
        new TensorEntry(name, TensorType.F32, List.of((long) values.size()), 0, 0),
        bytes.flip());
  }

  private static String source() {
    try (InputStream source = Graph.class.getResourceAsStream(SOURCE)) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Hands a weight to the module.
   *
   * @param name the name under which the source asks for it
   * @param entry its type and shape
   * @param bytes its elements, direct, little-endian
   */
  void put(String name, TensorEntry entry, ByteBuffer bytes) {
    if (entry.type() == TensorType.F32) {
      inPlace.add(bytes); // the module widens the others to tensors of its own
    }
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    try (NDArray raw = manager.create(bytes, new Shape(bytes.remaining()), DataType.UINT8)) {
      run(
          "put",
          IValue.from(name),
          tensor(raw),
          number(entry.type().scalarType()),
          IValue.listFrom(shape));
    }
  }

  /** Makes a weight another name of a weight that is there. */
  void tie(String name, String to) {
    run("tie", IValue.from(name), IValue.from(to));
  }

  /** Rounds the frequencies of the rotary embedding to a type; they are float32 to begin with. */
  void roundRope(TensorType type) {
    run("round_rope", number(type.scalarType()));
  }

  /** Pixels uint8 [c, S, S, 3] to tokens of the tower [c, p, C]. */
  NDArray vision(NDArray pixels, NDManager owner) {
    return call(owner, "vision", tensor(pixels));
  }

  /** Tokens of the tower [c, p, C] to the decoder's width [c, p, E]. */
  NDArray project(NDArray vision, NDManager owner) {
    return call(owner, "project", tensor(vision));
  }

  /** Squares of a frame's token grid averaged: [c, p, E] to [c, n, E]. */
  NDArray pool(NDArray projected, int stride, NDManager owner) {
    return call(owner, "pool", tensor(projected), number(stride));
  }

  /** Chunks [c, n, E] of a clip joined to [T, n, E]. */
  NDArray join(List<NDArray> chunks, NDManager owner) {
    return call(owner, "join", IValue.listFrom(chunks.toArray(PtNDArray[]::new)));
  }

  /**
   * Fast tokens [F, E] of a clip [T, n, E], by the weight [T', T] of each frame in each fast frame.
   */
  NDArray fast(NDArray tokens, double[] windows, int stride, NDManager owner) {
    return call(owner, "fast", tensor(tokens), IValue.listFrom(windows), number(stride));
  }

  /**
   * Keys and values [H, 2, K, M, D] of the slow tokens of a clip [T, n, E] in each hybrid layer.
   */
  NDArray slow(NDArray tokens, NDManager owner) {
    return call(owner, "slow", tensor(tokens));
  }

  /** An empty KV cache of {@code rows} tokens [N, 2, K, W, D]. */
  NDArray newCache(int rows, NDManager owner) {
    return call(owner, "new_cache", number(rows));
  }

  /**
   * Fills the cache from a prompt.
   *
   * @param readSlow whether the prompt's text reads the slow tokens, as it should but in a test
   * @return logits [V] of the first new token
   */
  float[] prefill(Prompt prompt, ClipFeatures clip, boolean readSlow, NDArray cache) {
    return floats(
        "prefill",
        ids(prompt.before()),
        tensor(clip.fast()),
        ids(prompt.after()),
        IValue.from(readSlow),
        tensor(clip.slow()),
        tensor(cache));
  }

  /**
   * Appends one token to the cache.
   *
   * @param past tokens in the cache
   * @param readSlow whether this token reads the slow tokens
   * @return logits [V] of the token after it
   */
  float[] step(long token, int past, ClipFeatures clip, boolean readSlow, NDArray cache) {
    return floats(
        "step",
        number(token),
        number(past),
        IValue.from(readSlow),
        tensor(clip.slow()),
        tensor(cache));
  }

  /**
   * Hidden states [L, E] of a prompt: the embeddings, then each layer's output, the last one after
   * the final norm.
   */
  List<NDArray> trace(Prompt prompt, ClipFeatures clip, NDArray cache, NDManager owner) {
    try (IValue result =
        invoke(
            "trace",
            ids(prompt.before()),
            tensor(clip.fast()),
            ids(prompt.after()),
            tensor(clip.slow()),
            tensor(cache))) {
      return List.<NDArray>of(result.toTensorArray((PtNDManager) owner));
    }
  }

  private NDArray call(NDManager owner, String method, IValue... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toTensor((PtNDManager) owner);
    }
  }

  private float[] floats(String method, IValue... arguments) {
    try (NDArray result = call(manager, method, arguments)) {
      return result.toFloatArray();
    }
  }

  private void run(String method, IValue... arguments) {
    invoke(method, arguments).close();
  }

  /** Calls a method and releases its arguments, which refer to the tensors but do not own them. */
  private IValue invoke(String method, IValue... arguments) {
    try {
      JniUtils.setGraphExecutorOptimize(
          false); // a setting of the thread; profiling runs would slow the first calls
      return IValueUtils.runMethod(module, method, arguments);
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  private static IValue tensor(NDArray array) {
    return IValue.from((PtNDArray) array);
  }

  private static IValue ids(List<Long> ids) {
    return IValue.listFrom(ids.stream().mapToLong(Long::longValue).toArray());
  }

  private static IValue number(long value) {
    return IValue.from(value);
  }

  @Override
  public void close() {
    module.close();
  }
}
