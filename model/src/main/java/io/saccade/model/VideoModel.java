package io.saccade.model;

import ai.djl.ndarray.NDManager;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.Sampling;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.Graph;
import io.saccade.model.graph.Host;
import io.saccade.model.graph.KvBlocks;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.TorchEngine;
import io.saccade.model.graph.WideCopies;
import io.saccade.model.text.AnswerText;
import io.saccade.model.text.Conversation;
import io.saccade.model.text.PromptFormat;
import io.saccade.model.text.TextTokenizer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A video language model of any supported architecture: answers questions on clips.
 *
 * <p>{@link #encode} and {@link #generate} do so one clip and one question at a time. A server
 * takes them apart: {@link #encoding} looks at a clip piece by piece, {@link #sequence} prepares a
 * question, and {@link #decode} advances many of them together.
 *
 * <p>A model is confined to one thread at a time; it may be used from different threads one after
 * another. It and all that it hands out lie in native memory, which {@link #close} releases.
 */
public final class VideoModel implements AutoCloseable {
  /** A chunk of 4 frames of 576 x 576: in the largest tower about 1 GiB of activations. */
  private static final long CHUNK_PIXELS = 4L * 576 * 576;

  private final NDManager manager;
  private final Graph graph;
  private final KvBlocks caches;
  private final TextTokenizer tokenizer;
  private final GenerationConfig generation;
  private final ModelDescription model;
  private final TensorType weightType;
  private final String format;
  private final ModelInfo info;
  private final ClipEncoding.FrameStaging staging;
  private final PromptFormat promptFormat;
  private final List<Long> before;

  private VideoModel(
      NDManager manager, Checkpoint checkpoint, TextTokenizer tokenizer, ModelOptions options) {
    this.manager = manager;
    this.tokenizer = tokenizer;
    this.model = checkpoint.model();
    this.weightType = checkpoint.weightType();
    Optional<Quantisation> quantisation = checkpoint.quantisation();
    TensorType type =
        options.precision().resolve(weightType, quantisation.isPresent(), options.device());
    this.format =
        quantisation.map(Quantisation::toString).orElse(type.name().toLowerCase(Locale.ROOT));
    this.generation =
        GenerationConfig.read(
            checkpoint.folder(), tokenizer.encode(model.prompt().answerEnd()).get(0));
    this.info = checkpoint.info(generation, options.frames());
    boolean wide = options.wideCopies().kept(checkpoint.wideCopyBytes(), Host.memoryBytes());
    this.graph =
        new Graph(
            manager,
            model,
            options.withWideCopies(wide ? WideCopies.ALWAYS : WideCopies.NEVER),
            type);
    checkpoint.loadInto(graph);
    this.caches = new KvBlocks(graph);
    int side = model.tower().imageSize();
    this.staging =
        new ClipEncoding.FrameStaging(side, (int) Math.max(1, CHUNK_PIXELS / ((long) side * side)));
    this.promptFormat = new PromptFormat(tokenizer, model.prompt());
    this.before = promptFormat.before();
  }

  /**
   * Loads a checkpoint folder in the Hugging Face layout: {@code config.json}, {@code
   * tokenizer.json}, {@code model.safetensors} or shards with {@code model.safetensors.index.json},
   * and {@code generation_config.json} if there is one.
   *
   * @throws CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device asked for is not there
   */
  public static VideoModel load(Path folder, ModelOptions options) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    ModelDescription model = checkpoint.model();
    TextTokenizer tokenizer =
        TextTokenizer.load(folder, model.decoder().vocabulary(), model.prompt().controls().turns());
    NDManager manager = null;
    try {
      manager = TorchEngine.newManager(options);
      return new VideoModel(manager, checkpoint, tokenizer, options);
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
   * Bytes of native memory that the features of a clip hold.
   *
   * @param frames frames of the clip, 1 to 4096
   */
  public long clipBytes(int frames) {
    DecoderConfig decoder = model.decoder();
    long fast = model.fastTokens(frames);
    long slow = model.slowTokens(frames);
    long elements =
        fast * decoder.hidden()
            + decoder.keyValueElements()
                * (slow * decoder.hybridLayers().size()
                    + (before.size() + fast) * decoder.layers());
    return elements * graph.elementBytes();
  }

  /**
   * Multiplications and additions that the language model does for a first question on a clip, up
   * to its first token.
   *
   * @param frames frames of the clip
   * @param promptTokens tokens of the prompt, fast tokens included
   */
  public long prefillOperations(int frames, int promptTokens) {
    long text = (long) promptTokens - model.fastTokens(frames);
    return model.decoder().prefillOperations(promptTokens, text, model.slowTokens(frames));
  }

  /**
   * Prepares the encoding of a clip, once for all questions on it.
   *
   * @param frames the frames in presentation order, each S x S pixels of 3 bytes (red, green,
   *     blue), row by row, S being {@link ModelInfo#imageSize}; 1 to 4096 of them, of which one
   *     alone is an image. Buffers of any kind; their positions stay as they are
   * @return an encoding that the caller closes; nothing is computed yet
   * @throws IllegalArgumentException if there are too few or too many frames or one has a wrong
   *     size
   */
  public ClipEncoding encoding(List<ByteBuffer> frames) {
    return encoding(frames, before, true);
  }

  private ClipEncoding encoding(List<ByteBuffer> frames, List<Long> idsBefore, boolean readSlow) {
    if (frames.isEmpty() || frames.size() > ModelDescription.MAX_FRAMES) {
      throw new IllegalArgumentException(
          "A clip has %d frames, and 1 to %d are needed"
              .formatted(frames.size(), ModelDescription.MAX_FRAMES));
    }
    for (ByteBuffer frame : frames) {
      if (frame.remaining() != staging.frameBytes()) {
        throw new IllegalArgumentException(
            "A frame has %d bytes, and %d are needed: %d x %d pixels of 3 bytes"
                .formatted(
                    frame.remaining(), staging.frameBytes(), info.imageSize(), info.imageSize()));
      }
    }
    return new ClipEncoding(model, graph, staging, frames, idsBefore, readSlow);
  }

  /**
   * Encodes a clip, all at once.
   *
   * @param frames as for {@link #encoding}
   * @return features that the caller closes
   */
  public ClipFeatures encode(List<ByteBuffer> frames) {
    return encode(frames, before, true);
  }

  /**
   * The same for a reference's prompts.
   *
   * @param idsBefore the prompt's ids before the clip
   * @param readSlow whether they read the slow tokens
   */
  public ClipFeatures encode(List<ByteBuffer> frames, List<Long> idsBefore, boolean readSlow) {
    try (ClipEncoding encoding = encoding(frames, idsBefore, readSlow)) {
      boolean done = false;
      while (!done) {
        done = encoding.step();
      }
      return encoding.features();
    }
  }

  /**
   * Prepares an answer; nothing is computed and no memory taken yet.
   *
   * @param conversation the question and the turns before it
   * @param options how to generate
   * @param frames frames of the clip that it is about
   * @return a sequence that the caller closes
   * @throws PromptTooLongException if the prompt exceeds {@link ModelInfo#maxPromptTokens}
   * @throws IllegalArgumentException if more new tokens are asked for than {@link
   *     ModelInfo#maxNewTokensLimit}
   */
  public Sequence sequence(Conversation conversation, GenerationOptions options, int frames) {
    List<Long> text = promptFormat.after(conversation);
    int fast = model.fastTokens(frames);
    int prefix = before.size() + fast;
    Sequence.Request request =
        new Sequence.Request(
            text,
            prefix,
            fast,
            options.decodeMode(),
            true,
            newTokens(options, prefix + text.size()),
            generation.endIds(),
            chooser(options));
    return sequence(request, options.stop());
  }

  private int newTokens(GenerationOptions options, int promptTokens) {
    if (promptTokens > info.maxPromptTokens()) {
      throw new PromptTooLongException(promptTokens, info.maxPromptTokens());
    }
    int wanted = options.maxNewTokens().orElse(info.defaultMaxNewTokens());
    if (wanted > info.maxNewTokensLimit()) {
      throw new IllegalArgumentException(
          "maxNewTokens is %d, and this model allows 1 to %d"
              .formatted(wanted, info.maxNewTokensLimit()));
    }
    int room = Math.max(1, model.decoder().maxPositions() - promptTokens);
    return Math.min(wanted, room);
  }

  /** The likeliest token needs no logits on the host. */
  private Optional<Sequence.Chooser> chooser(GenerationOptions options) {
    Sampling sampling = generation.sampling(options);
    if (sampling.isGreedy()) {
      return Optional.empty();
    }
    RandomGenerator random = new SplittableRandom(options.seed().orElse(0));
    return Optional.of((logits, generated) -> sampling.next(logits, generated, random));
  }

  public Sequence sequence(Sequence.Request request, List<String> stop) {
    DecoderConfig decoder = model.decoder();
    long bytes =
        (long) request.rows()
            * decoder.layers()
            * decoder.keyValueElements()
            * graph.elementBytes();
    return new Sequence(graph, caches, request, new AnswerText(tokenizer, stop), bytes);
  }

  /**
   * Appends one token to each of several answers, of one clip or of several. What each of them gets
   * does not depend on the others.
   *
   * @param batch sequences of this model, prefilled and not finished
   * @throws IllegalArgumentException if one of them is not
   * @throws ModelMemoryException if there is no memory for it; all are as they were
   */
  public void decode(List<Sequence> batch) {
    if (batch.isEmpty() || !batch.stream().allMatch(Sequence::decoding)) {
      throw new IllegalArgumentException(
          "A step needs sequences that are prefilled and unfinished");
    }
    List<Sequence> ordered =
        batch.stream().sorted(Comparator.comparingInt(Sequence::order)).toList();
    List<Graph.StepRow> rows = ordered.stream().map(Sequence::row).toList();
    caches.prepare(rows);
    Graph.StepEnd end = graph.step(rows);
    Iterator<float[]> logits = end.logits().iterator();
    for (int b = 0; b < ordered.size(); b++) {
      ordered.get(b).take(end.likeliest().get(b), logits);
    }
  }

  /**
   * Answers a question on a clip, all at once.
   *
   * @param clip features that this model made
   * @param conversation the question and the turns before it
   * @param options how to generate
   * @param cancelled asked before each step; once it says true, the answer ends as it is
   * @throws PromptTooLongException as {@link #sequence}
   * @throws IllegalArgumentException likewise
   */
  public Generation generate(
      ClipFeatures clip,
      Conversation conversation,
      GenerationOptions options,
      BooleanSupplier cancelled) {
    try (Sequence sequence = sequence(conversation, options, clip.frames())) {
      return run(sequence, clip, cancelled);
    }
  }

  /** Runs a sequence to its end. */
  public Generation run(Sequence sequence, ClipFeatures clip, BooleanSupplier cancelled) {
    if (!cancelled.getAsBoolean()) {
      sequence.begin(clip);
      boolean prefilled = false;
      while (!prefilled && !cancelled.getAsBoolean()) {
        prefilled = sequence.prefill();
      }
      while (prefilled && !sequence.finished() && !cancelled.getAsBoolean()) {
        decode(List.of(sequence));
      }
    }
    return sequence.generation();
  }

  public TensorType weightType() {
    return weightType;
  }

  /** What it computes in: f32, bf16 or f16, or int8 or int4 where weights are quantised. */
  public String format() {
    return format;
  }

  public ModelDescription description() {
    return model;
  }

  public Graph graph() {
    return graph;
  }

  public ClipEncoding.FrameStaging staging() {
    return staging;
  }

  public PromptFormat promptFormat() {
    return promptFormat;
  }

  public GenerationConfig generationConfig() {
    return generation;
  }

  @Override
  public void close() {
    graph.close();
    manager.close();
    tokenizer.close();
  }
}
