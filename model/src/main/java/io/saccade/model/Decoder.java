package io.saccade.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The generation loop: one prefill of the prompt, then one step per token, over a KV cache
 * allocated once.
 */
final class Decoder {

  /**
   * What to decode.
   *
   * @param prompt the prompt's ids
   * @param mode which tokens read the slow tokens
   * @param maxNewTokens tokens generated at most
   * @param sampling how logits become tokens
   * @param seed of the random draws
   */
  record Request(Prompt prompt, DecodeMode mode, int maxNewTokens, Sampling sampling, long seed) {}

  /**
   * What was decoded; the fields are those of {@link Generation}.
   *
   * @param ids generated ids
   * @param finishReason why it ended
   * @param prefill time of the prompt
   * @param decode time of the tokens after the first
   */
  record Result(List<Long> ids, FinishReason finishReason, Duration prefill, Duration decode) {}

  private final NDManager manager;
  private final Graph graph;
  private final Set<Long> endIds;

  Decoder(NDManager manager, Graph graph, Set<Long> endIds) {
    this.manager = manager;
    this.graph = graph;
    this.endIds = endIds;
  }

  /**
   * Runs a request to its end.
   *
   * @param cancelled asked before the prompt and before each token
   * @param observer given the logits of each token before it is chosen
   */
  Result run(
      Request request, ClipFeatures clip, BooleanSupplier cancelled, Consumer<float[]> observer) {
    if (cancelled.getAsBoolean()) {
      return new Result(List.of(), FinishReason.CANCELLED, Duration.ZERO, Duration.ZERO);
    }
    long start = System.nanoTime();
    int promptTokens = request.prompt().length() + clip.fastTokens();
    try (NDArray cache = graph.newCache(promptTokens + request.maxNewTokens(), manager)) {
      float[] logits = graph.prefill(request.prompt(), clip, true, cache);
      long prefilled = System.nanoTime();
      List<Long> ids = new ArrayList<>();
      FinishReason reason = steps(request, clip, cache, logits, ids, cancelled, observer);
      return new Result(
          ids,
          reason,
          Duration.ofNanos(prefilled - start),
          Duration.ofNanos(System.nanoTime() - prefilled));
    }
  }

  private FinishReason steps(
      Request request,
      ClipFeatures clip,
      NDArray cache,
      float[] prefilled,
      List<Long> ids,
      BooleanSupplier cancelled,
      Consumer<float[]> observer) {
    RandomGenerator random = new SplittableRandom(request.seed());
    boolean readSlow = request.mode() == DecodeMode.ALL_TEXT;
    int past = request.prompt().length() + clip.fastTokens();
    float[] logits = prefilled;
    while (true) {
      observer.accept(logits);
      long id = request.sampling().next(logits, ids, random);
      ids.add(id);
      if (endIds.contains(id)) {
        return FinishReason.STOP;
      } else if (ids.size() == request.maxNewTokens()) {
        return FinishReason.LENGTH;
      } else if (cancelled.getAsBoolean()) {
        return FinishReason.CANCELLED;
      }
      logits = graph.step(id, past++, clip, readSlow, cache);
    }
  }
}
