package io.saccade.model;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A slow-fast video language model: answers questions on clips.
 *
 * <p>A model is confined to one thread at a time; it may be used from different threads one after
 * another. It and all that it hands out lie in native memory, which {@link #close} releases.
 */
public final class SlowFastModel implements AutoCloseable {
  private final NDManager manager;
  private final Graph graph;
  private final TextTokenizer tokenizer;
  private final GenerationConfig generation;
  private final ModelConfig config;
  private final TensorType weightType;
  private final ModelInfo info;
  private final ClipEncoder encoder;
  private final Decoder decoder;
  private final PromptFormat promptFormat;

  private SlowFastModel(
      NDManager manager, Checkpoint checkpoint, TextTokenizer tokenizer, ModelOptions options) {
    this.manager = manager;
    this.tokenizer = tokenizer;
    this.config = checkpoint.config();
    this.weightType = checkpoint.weightType();
    this.generation =
        GenerationConfig.read(checkpoint.folder(), tokenizer.encode(PromptFormat.TURN_END).get(0));
    this.info = checkpoint.info(generation, options.frames());
    this.graph = new Graph(manager, config, options.device());
    checkpoint.loadInto(graph);
    this.encoder = new ClipEncoder(manager, graph, config);
    this.decoder = new Decoder(manager, graph, generation.endIds());
    this.promptFormat = new PromptFormat(tokenizer);
  }

  /**
   * Loads a checkpoint folder in the Hugging Face layout: {@code config.json}, {@code
   * tokenizer.json}, {@code model.safetensors} or shards with {@code model.safetensors.index.json},
   * and {@code generation_config.json} if there is one.
   *
   * @throws CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device asked for is not there
   */
  public static SlowFastModel load(Path folder, ModelOptions options) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    TextTokenizer tokenizer =
        TextTokenizer.load(folder, checkpoint.config().decoder().vocabulary());
    NDManager manager = null;
    try {
      manager = TorchEngine.newManager(options);
      return new SlowFastModel(manager, checkpoint, tokenizer, options);
    } catch (RuntimeException e) {
      tokenizer.close();
      if (manager != null) {
        manager.close();
      }
      throw e;
    }
  }

  /** What a caller must know of this model to feed it. */
  public ModelInfo info() {
    return info;
  }

  /**
   * Encodes a clip, once for all questions on it.
   *
   * @param frames the frames in presentation order, each S x S pixels of 3 bytes (red, green,
   *     blue), row by row, S being {@link ModelInfo#imageSize}; 1 to 4096 of them, of which one
   *     alone is an image. Buffers of any kind; their positions stay as they are
   * @return features that the caller closes
   * @throws IllegalArgumentException if there are too few or too many frames or one has a wrong
   *     size
   */
  public ClipFeatures encode(List<ByteBuffer> frames) {
    return encoder.encode(frames);
  }

  /**
   * Answers a question on a clip.
   *
   * @param clip features that this model made
   * @param conversation the question and the turns before it
   * @param options how to generate
   * @param cancelled asked before each token; once it says true, the answer ends as it is
   * @throws PromptTooLongException if the prompt exceeds {@link ModelInfo#maxPromptTokens}
   * @throws IllegalArgumentException if more new tokens are asked for than {@link
   *     ModelInfo#maxNewTokensLimit}
   */
  public Generation generate(
      ClipFeatures clip,
      Conversation conversation,
      GenerationOptions options,
      BooleanSupplier cancelled) {
    Prompt prompt = promptFormat.encode(conversation);
    Decoder.Request request = request(prompt, prompt.length() + clip.fastTokens(), options);
    Decoder.Result result = decoder.run(request, clip, cancelled, logits -> {});
    return new Generation(
        tokenizer.decode(result.ids()),
        result.finishReason(),
        prompt.length(),
        clip.fastTokens(),
        clip.slowTokens(),
        result.ids(),
        result.prefill(),
        result.decode());
  }

  private Decoder.Request request(Prompt prompt, int promptTokens, GenerationOptions options) {
    if (promptTokens > info.maxPromptTokens()) {
      throw new PromptTooLongException(promptTokens, info.maxPromptTokens());
    }
    int wanted = options.maxNewTokens().orElse(info.defaultMaxNewTokens());
    if (wanted > info.maxNewTokensLimit()) {
      throw new IllegalArgumentException(
          "maxNewTokens is %d, and this model allows 1 to %d"
              .formatted(wanted, info.maxNewTokensLimit()));
    }
    int room = Math.max(1, config.decoder().maxPositions() - promptTokens);
    return new Decoder.Request(
        prompt,
        options.decodeMode(),
        Math.min(wanted, room),
        generation.sampling(options),
        options.seed().orElse(0));
  }

  TensorType weightType() {
    return weightType;
  }

  NDManager manager() {
    return manager;
  }

  Graph graph() {
    return graph;
  }

  ClipEncoder encoder() {
    return encoder;
  }

  Decoder decoder() {
    return decoder;
  }

  PromptFormat promptFormat() {
    return promptFormat;
  }

  GenerationConfig generationConfig() {
    return generation;
  }

  @Override
  public void close() {
    graph.close();
    manager.close();
    tokenizer.close();
  }
}
