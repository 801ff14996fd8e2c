package io.saccade.model.graph;

import static io.saccade.model.graph.TorchModule.ids;
import static io.saccade.model.graph.TorchModule.number;
import static io.saccade.model.graph.TorchModule.numbers;
import static io.saccade.model.graph.TorchModule.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorType;
import io.saccade.model.text.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The network: a TorchScript module put together from the parts of a checkpoint's architecture,
 * with its weights. Each method is one call into it; the letters of the shapes are those of the
 * legend in {@code module.torchscript}.
 *
 * <p>Arrays that a method returns belong to the scope handed to it. A call that fails for want of
 * memory throws {@link ModelMemoryException} and leaves caches as good as they were: it only wrote
 * rows that the same call writes again.
 */
public final class Graph implements AutoCloseable {
  /** Tokens of a prompt in one call: small enough that others wait shortly. */
  private static final int PIECE_TOKENS = 512;

  /** The same with quantised weights, which each call with many tokens unpacks once. */
  private static final int QUANTISED_PIECE_TOKENS = 1024;

  private final NDManager manager;
  private final TorchModule module;
  private final TensorType type;
  private final boolean host;
  private int pieceTokens = PIECE_TOKENS;

  /**
   * Loads the module, without weights.
   *
   * @param manager owner of the module and of all scopes
   * @param model the parts that it is put together from
   * @param options where it runs
   * @param type of activations, caches and weights that are not quantised
   */
  public Graph(NDManager manager, ModelDescription model, ModelOptions options, TensorType type) {
    this(manager, model, options, type, ModuleSource.of(model));
  }

  /** The same with another source. */
  public Graph(
      NDManager manager,
      ModelDescription model,
      ModelOptions options,
      TensorType type,
      ModuleSource source) {
    this.manager = manager;
    this.type = type;
    this.host = options.device().equals("cpu");
    Map<String, Object> attributes = new LinkedHashMap<>(model.attributes());
    attributes.put("training", false);
    attributes.put("device_name", options.device());
    attributes.put("dtype", type.scalarType());
    attributes.put("pack", host && type == TensorType.BF16 && Host.hasBfloat16());
    attributes.put("wide", host && options.wideCopies() == WideCopies.ALWAYS);
    this.module = source.load(manager, attributes);
    module.run("constant", IValue.from("pixel_mean"), numbers(model.tower().pixelMean()));
    module.run("constant", IValue.from("pixel_std"), numbers(model.tower().pixelStd()));
  }

  /**
   * Names a weight in a file. Nothing is read yet.
   *
   * @param name its logical name, under which the source asks for it
   * @param file where it lies
   * @param begin its first byte in the file
   * @param entry its type and shape
   */
  public void map(String name, Path file, long begin, TensorEntry entry) {
    module.run(
        "map",
        IValue.from(name),
        IValue.from(file.toString()),
        number(begin),
        number(begin + entry.bytes()),
        number(entry.type().scalarType()),
        IValue.listFrom(entry.shape().stream().mapToLong(Long::longValue).toArray()));
    if (entry.type() == TensorType.I8 || entry.type() == TensorType.U8) {
      pieceTokens = QUANTISED_PIECE_TOKENS;
    }
  }

  /** Gives all weights their final form; no more can be named. */
  public void seal() {
    module.run("seal");
  }

  /** A scope for arrays, closed by the caller or with the graph's manager. */
  public NDManager newScope() {
    return manager.newSubManager();
  }

  /** Bytes of an element of activations and caches. */
  public int elementBytes() {
    return type.bytes();
  }

  /** Tokens of a prompt that one call should take at most. */
  public int pieceTokens() {
    return pieceTokens;
  }

  /** Rounds the frequencies of the rotary embedding to a type; they are float32 to begin with. */
  public void roundRope(TensorType to) {
    module.run("set_frequencies", number(to.scalarType()));
  }

  /** Pixels uint8 [c, S, S, 3] to tokens of the tower [c, p, C]. */
  public NDArray vision(NDArray pixels, NDManager owner) {
    return module.call(owner, "vision", tensor(pixels));
  }

  /** Tokens of the tower [c, p, C] to the decoder's width [c, p, E]. */
  public NDArray project(NDArray vision, NDManager owner) {
    return module.call(owner, "project", tensor(vision));
  }

  /** Squares of a frame's token grid averaged: [c, p, E] to [c, n, E]. */
  public NDArray pool(NDArray projected, int stride, NDManager owner) {
    return module.call(owner, "pool", tensor(projected), number(stride));
  }

  /** Pixels uint8 [c, S, S, 3] to slow tokens [c, n, E]. */
  public NDArray encode(NDArray pixels, int stride, NDManager owner) {
    return module.call(owner, "encode", tensor(pixels), number(stride));
  }

  /** Chunks [c, n, E] of a clip joined to [T, n, E]. */
  public NDArray join(List<NDArray> chunks, NDManager owner) {
    return module.call(owner, "join", tensors(chunks, chunk -> chunk));
  }

  /**
   * Fast tokens [F, E] of a clip [T, n, E], by the weight [T', T] of each frame in each fast frame.
   */
  public NDArray fast(NDArray tokens, double[] windows, int stride, NDManager owner) {
    return module.call(owner, "fast", tensor(tokens), IValue.listFrom(windows), number(stride));
  }

  /** Space for the keys and values of slow tokens [H, 2, K, M, D]. */
  public NDArray newMemory(long tokens, NDManager owner) {
    return module.call(owner, "new_memory", number(tokens));
  }

  /**
   * Computes the keys and values of the slow tokens of a clip [T, n, E] in one hybrid layer.
   *
   * @param hybrid its number among the hybrid layers
   * @param memory where they go [H, 2, K, M, D]
   */
  public void slow(NDArray tokens, int hybrid, NDArray memory) {
    module.run("slow", tensor(tokens), number(hybrid), tensor(memory));
  }

  /** Space for the keys and values of {@code rows} tokens [N, 2, K, W, D]. */
  public NDArray newCache(int rows, NDManager owner) {
    return module.call(owner, "new_cache", number(rows));
  }

  /** A block of caches [N, 2, B, K, W, D]. */
  NDArray newBlock(int slots, int rows, NDManager owner) {
    return module.call(owner, "new_block", number(slots), number(rows));
  }

  /** A cache [N, 2, K, W, D] that is a part of a block. */
  NDArray slot(NDArray block, int slot, NDManager owner) {
    return module.call(owner, "slot_of", tensor(block), number(slot));
  }

  /** Sets some rows of a cache [N, 2, K, W, D] to zero. */
  void clearRows(NDArray cache, int begin, int end) {
    module.run("clear_rows", tensor(cache), number(begin), number(end));
  }

  /** Copies a cache [N, 2, K, P, D] to the first rows of another. */
  public void copyRows(NDArray cache, NDArray from) {
    module.run("copy_rows", tensor(cache), tensor(from));
  }

  /**
   * Fills rows {@code begin} to {@code end} of a cache from a prompt's beginning.
   *
   * @param before its ids before the fast tokens
   * @param fast the fast tokens [F, E] that follow them
   * @param readSlow whether text reads the slow tokens, as it should but in a test
   */
  public void prefix(
      List<Long> before,
      NDArray fast,
      int begin,
      int end,
      boolean readSlow,
      NDArray slow,
      NDArray cache) {
    module.run(
        "prefix",
        ids(before),
        tensor(fast),
        number(begin),
        number(end),
        IValue.from(readSlow),
        tensor(slow),
        tensor(cache));
  }

  /**
   * Appends text of a prompt to a cache.
   *
   * @param past tokens in the cache
   */
  public void prompt(List<Long> text, int past, boolean readSlow, NDArray slow, NDArray cache) {
    module.run(
        "prompt", ids(text), number(past), IValue.from(readSlow), tensor(slow), tensor(cache));
  }

  /**
   * Appends the end of a prompt to a cache.
   *
   * @param frames T, frames of the clip
   * @param wantsLogits whether the logits after it are wanted, besides the likeliest token
   */
  public StepEnd promptEnd(
      List<Long> text,
      int past,
      boolean readSlow,
      NDArray slow,
      NDArray cache,
      int frames,
      boolean wantsLogits) {
    long[] wanted = wantsLogits ? new long[] {0} : new long[0];
    return end(
        module.invoke(
            "prompt_end",
            ids(text),
            number(past),
            IValue.from(readSlow),
            tensor(slow),
            tensor(cache),
            number(frames),
            IValue.listFrom(wanted)),
        wanted.length);
  }

  /**
   * Appends one token to each of several sequences.
   *
   * @param rows one a sequence, in the order of their slots
   */
  public StepEnd step(List<StepRow> rows) {
    List<List<StepRow>> blocks = runs(rows, (a, b) -> a.slot().block() == b.slot().block());
    List<List<StepRow>> clips =
        runs(rows, (a, b) -> a.slow() == b.slow() && a.readsSlow() == b.readsSlow());
    long[] wanted =
        IntStream.range(0, rows.size())
            .filter(b -> rows.get(b).wantsLogits())
            .asLongStream()
            .toArray();
    return end(
        invokeStep(
            longs(rows, StepRow::token),
            longs(rows, StepRow::past),
            tensors(blocks, run -> run.get(0).slot().block()),
            longs(blocks, List::size),
            longs(rows, row -> row.slot().index()),
            longs(clips, List::size),
            longs(clips, run -> run.get(0).readsSlow() ? 1 : 0),
            tensors(clips, run -> run.get(0).slow()),
            IValue.listFrom(wanted)),
        wanted.length);
  }

  /**
   * On the host TorchScript saves work between the operators. On CUDA it may also compile kernels
   * of its own during the first steps, which round otherwise than the operators' do: an answer
   * would depend on when it was asked for.
   */
  private IValue invokeStep(IValue... arguments) {
    return host ? module.invokeOften("step", arguments) : module.invoke("step", arguments);
  }

  /** Neighbours that belong together. */
  private static List<List<StepRow>> runs(
      List<StepRow> rows, BiPredicate<StepRow, StepRow> together) {
    List<List<StepRow>> runs = new ArrayList<>();
    for (StepRow row : rows) {
      if (runs.isEmpty() || !together.test(runs.get(runs.size() - 1).get(0), row)) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(row);
    }
    return runs;
  }

  /**
   * What came back of a call.
   *
   * @param wanted rows whose logits were wanted
   */
  private StepEnd end(IValue result, int wanted) {
    try (result) {
      IValue[] parts = result.toIValueTuple();
      try (IValue likeliest = parts[0];
          IValue logits = parts[1];
          IValue shares = parts[2]) {
        return new StepEnd(
            LongStream.of(likeliest.toLongArray()).boxed().toList(),
            wanted == 0 ? List.of() : logits(logits, wanted),
            DoubleStream.of(shares.toDoubleArray()).boxed().toList());
      }
    }
  }

  private List<float[]> logits(IValue rows, int count) {
    try (NDManager scope = newScope()) {
      float[] all = rows.toTensor((PtNDManager) scope).toFloatArray();
      int width = all.length / count;
      return IntStream.range(0, count)
          .mapToObj(b -> Arrays.copyOfRange(all, b * width, (b + 1) * width))
          .toList();
    }
  }

  /**
   * A token to append.
   *
   * @param token its id
   * @param past tokens in the cache
   * @param readsSlow whether it reads the slow tokens
   * @param slow keys and values of the clip's slow tokens [H, 2, K, M, D]
   * @param slot where the keys and values of the tokens before it are
   * @param wantsLogits whether the logits after it are wanted, besides the likeliest token
   */
  public record StepRow(
      long token,
      int past,
      boolean readsSlow,
      NDArray slow,
      KvBlocks.Slot slot,
      boolean wantsLogits) {}

  /**
   * What follows the last tokens of a call.
   *
   * @param likeliest the likeliest next token of each row
   * @param logits [V] of each row that wanted them
   * @param shares of each frame in the cross-attention of a prompt's last token, of sum 1; empty
   *     after a step, and of models without hybrid layers
   */
  public record StepEnd(List<Long> likeliest, List<float[]> logits, List<Double> shares) {}

  /**
   * Hidden states [L, E] of a prompt: the embeddings, then each layer's output, the last one after
   * the final norm.
   */
  public List<NDArray> trace(Prompt prompt, ClipFeatures clip, NDArray cache, NDManager owner) {
    try (IValue result =
        module.invoke(
            "trace",
            ids(prompt.before()),
            tensor(clip.fast()),
            ids(prompt.after()),
            tensor(clip.slow()),
            tensor(cache))) {
      return List.<NDArray>of(result.toTensorArray((PtNDManager) owner));
    }
  }

  /** A step of the plain decoder. */
  public long plainStep(long token, int past, boolean readSlow, NDArray tokens, NDArray cache) {
    try (IValue result =
        module.invoke(
            "plain_step",
            number(token),
            number(past),
            number(readSlow ? 1 : 0),
            tensor(tokens),
            tensor(cache))) {
      return result.toLong();
    }
  }

  /** An array as float32, whatever it is; DJL cannot read bfloat16. */
  public float[] floats(NDArray array) {
    try (NDManager scope = newScope()) {
      return module.call(scope, "floats", tensor(array)).toFloatArray();
    }
  }

  // Loops, not streams: a step's share of Java is mostly these.

  private static <T> IValue longs(List<T> items, ToLongFunction<T> value) {
    long[] values = new long[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsLong(items.get(i));
    }
    return IValue.listFrom(values);
  }

  private static <T> IValue tensors(List<T> items, Function<T, NDArray> value) {
    PtNDArray[] values = new PtNDArray[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (PtNDArray) value.apply(items.get(i));
    }
    return IValue.listFrom(values);
  }

  @Override
  public void close() {
    module.close();
  }
}
