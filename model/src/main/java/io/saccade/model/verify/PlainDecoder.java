package io.saccade.model.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.architecture.ScriptFile;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.Graph;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.ModuleSource;
import io.saccade.model.graph.TorchEngine;
import java.nio.file.Path;

/**
 * The plain way to decode, for benchmarks to compare with: float32, one answer at a time, key and
 * value heads repeated in memory, and the keys and values of the slow tokens computed anew at each
 * step, as the public Slow-Fast Video MLLM code does.
 */
public final class PlainDecoder implements AutoCloseable {
  private static final ScriptFile STEP =
      new ScriptFile(PlainDecoder.class, "plain_step.torchscript");

  private final NDManager manager;
  private final Graph graph;
  private final NDArray tokens; // [M, E]
  private final NDArray cache; // [N, 2, K, W, D]
  private final boolean readSlow;
  private final int promptTokens;
  private final int steps;
  private int step;
  private long id;

  private PlainDecoder(
      NDManager manager,
      Graph graph,
      NDArray tokens,
      NDArray cache,
      int promptTokens,
      int steps,
      boolean readSlow) {
    this.manager = manager;
    this.graph = graph;
    this.tokens = tokens;
    this.cache = cache;
    this.promptTokens = promptTokens;
    this.steps = steps;
    this.readSlow = readSlow;
  }

  /**
   * Loads a checkpoint and stands behind a prompt of any content: how long a step takes does not
   * depend on it.
   *
   * @param frames frames of the clip
   * @param promptTokens tokens of the prompt, fast tokens included
   * @param steps steps that there is room for, after which it begins anew
   * @param mode which tokens read the slow tokens
   */
  public static PlainDecoder load(
      Path folder, ModelOptions options, int frames, int promptTokens, int steps, DecodeMode mode) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    NDManager manager = TorchEngine.newManager(options);
    try {
      ModelDescription model = checkpoint.model();
      Graph graph =
          new Graph(manager, model, options, TensorType.F32, ModuleSource.of(model).with(STEP));
      checkpoint.loadInto(graph);
      int hidden = model.decoder().hidden();
      NDArray tokens = manager.ones(new Shape(model.slowTokens(frames), hidden), DataType.FLOAT32);
      DecoderConfig decoder = model.decoder();
      NDArray cache =
          manager.zeros(
              new Shape(
                  decoder.layers(),
                  2,
                  decoder.keyHeads(),
                  (long) promptTokens + steps,
                  decoder.headSize()),
              DataType.FLOAT32);
      return new PlainDecoder(
          manager, graph, tokens, cache, promptTokens, steps, mode == DecodeMode.ALL_TEXT);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Appends one token; after the last step that there is room for it stands behind the prompt
   * again.
   */
  public void step() {
    id = graph.plainStep(id, promptTokens + step, readSlow, tokens, cache);
    step = (step + 1) % steps;
  }

  @Override
  public void close() {
    graph.close();
    manager.close();
  }
}
