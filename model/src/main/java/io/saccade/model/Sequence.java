package io.saccade.model;

import io.saccade.model.config.DecodeMode;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.Graph;
import io.saccade.model.graph.KvBlocks;
import io.saccade.model.text.AnswerText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One question on its way to an answer: its prompt enters the decoder piece by piece ({@link
 * #prefill}), then {@link VideoModel#decode} appends a token to each of several sequences at a
 * time. Whatever else is computed in between, the answer is the same.
 *
 * <p>Confined to its model's thread. A call that fails leaves it as it was and can be made again.
 * {@link #close} releases its memory and may come at any time.
 */
public final class Sequence implements AutoCloseable {
  private final Graph graph;
  private final KvBlocks caches;
  private final Request request;
  private final AnswerText text;
  private final long bytes;
  private final List<Long> ids = new ArrayList<>();

  private ClipFeatures clip;
  private KvBlocks.Slot slot;
  private int past; // tokens in the cache
  private FinishReason finishReason;
  private List<Double> lookedAt = List.of();
  private long began;
  private long firstToken;
  private long lastToken;

  /**
   * What to generate.
   *
   * @param text ids of the prompt after the clip's tokens
   * @param prefixTokens tokens of the prompt before them, the clip's fast tokens among them
   * @param fastTokens the clip's tokens in the prompt
   * @param mode which tokens read the slow tokens
   * @param readSlow whether the prompt reads them, as it should but in a test
   * @param maxNewTokens tokens generated at most
   * @param endIds ids that end the answer
   * @param chooser chooses a token by its logits; absent means the likeliest
   */
  public record Request(
      List<Long> text,
      int prefixTokens,
      int fastTokens,
      DecodeMode mode,
      boolean readSlow,
      int maxNewTokens,
      Set<Long> endIds,
      Optional<Chooser> chooser) {

    /** Tokens that the cache has room for. */
    int rows() {
      return prefixTokens + text.size() + maxNewTokens;
    }
  }

  /** Chooses a token. */
  @FunctionalInterface
  public interface Chooser {
    /**
     * The next token.
     *
     * @param logits [V]
     * @param generated ids before it, without the prompt's
     */
    long next(float[] logits, List<Long> generated);
  }

  /**
   * Prepares a sequence.
   *
   * @param text where its text goes
   * @param bytes memory that its cache will take
   */
  Sequence(Graph graph, KvBlocks caches, Request request, AnswerText text, long bytes) {
    this.graph = graph;
    this.caches = caches;
    this.request = request;
    this.text = text;
    this.bytes = bytes;
  }

  /** Bytes of native memory that it holds from {@link #begin} to {@link #close}. */
  public long bytes() {
    return bytes;
  }

  /** Tokens of the prompt, fast tokens included. */
  public int promptTokens() {
    return request.prefixTokens() + request.text().size();
  }

  /**
   * Takes memory, and over what every prompt on the clip begins with.
   *
   * @param seen a clip of the number of frames that this sequence was made for; it stays the
   *     caller's and open until this sequence is finished
   * @throws IllegalArgumentException if the clip has other tokens than expected
   */
  public void begin(ClipFeatures seen) {
    if (seen.prefixTokens() != request.prefixTokens()) {
      throw new IllegalArgumentException(
          "The clip has %d tokens before the question, and this sequence was made for %d"
              .formatted(seen.prefixTokens(), request.prefixTokens()));
    }
    KvBlocks.Slot taken = caches.take(request.rows());
    try {
      graph.copyRows(taken.cells(), seen.prefix());
      taken.wrote(seen.prefixTokens());
    } catch (RuntimeException e) {
      taken.close();
      throw e;
    }
    clip = seen;
    slot = taken;
    past = request.prefixTokens();
    began = System.nanoTime();
  }

  /**
   * Computes the next piece of the prompt; with the last one the first token is there.
   *
   * @return whether that was the last one
   */
  public boolean prefill() {
    List<Long> left = left();
    if (left.size() > graph.pieceTokens()) {
      List<Long> piece = left.subList(0, graph.pieceTokens());
      graph.prompt(piece, past, request.readSlow(), clip.slow(), slot.cells());
      past += piece.size();
      slot.wrote(past);
      return false;
    }
    Graph.StepEnd end =
        graph.promptEnd(
            left,
            past,
            request.readSlow(),
            clip.slow(),
            slot.cells(),
            clip.frames(),
            request.chooser().isPresent());
    past += left.size();
    slot.wrote(past);
    lookedAt = end.shares();
    firstToken = System.nanoTime();
    append(next(end.likeliest().get(0), end.logits().iterator()));
    return true;
  }

  private List<Long> left() {
    List<Long> prompt = request.text();
    return prompt.subList(past - request.prefixTokens(), prompt.size());
  }

  /** Whether the prompt is done and the answer is not. */
  boolean decoding() {
    return firstToken != 0 && finishReason == null;
  }

  /** What {@link Graph#step} needs to compute the token after the last one. */
  Graph.StepRow row() {
    return new Graph.StepRow(
        ids.get(ids.size() - 1),
        past,
        request.mode() == DecodeMode.ALL_TEXT,
        clip.slow(),
        slot,
        request.chooser().isPresent());
  }

  /** Orders sequences as {@link Graph#step} wants them. */
  int order() {
    return slot.order();
  }

  /**
   * Takes the token after the last one, which now is in the cache.
   *
   * @param likeliest the likeliest token
   * @param logits of which the next are its, if its {@link #row} wanted them
   */
  void take(long likeliest, Iterator<float[]> logits) {
    past++;
    slot.wrote(past);
    append(next(likeliest, logits));
  }

  private long next(long likeliest, Iterator<float[]> logits) {
    return request.chooser().map(chooser -> chooser.next(logits.next(), ids)).orElse(likeliest);
  }

  private void append(long id) {
    ids.add(id);
    lastToken = System.nanoTime();
    if (request.endIds().contains(id)) {
      text.end();
      finishReason = FinishReason.STOP;
    } else if (text.append(id)) {
      finishReason = FinishReason.STOP;
    } else if (ids.size() == request.maxNewTokens()) {
      text.end();
      finishReason = FinishReason.LENGTH;
    }
  }

  /** Whether the answer is complete. */
  public boolean finished() {
    return finishReason != null;
  }

  /**
   * The text that is settled since the last call: whole characters, nothing that may still become a
   * stop string; once finished, the rest.
   */
  public String takeText() {
    return text.take();
  }

  /** The answer, as far as it is there; {@link FinishReason#CANCELLED} if it is not finished. */
  public Generation generation() {
    if (!finished()) {
      text.end();
    }
    return new Generation(
        text.toString(),
        finished() ? finishReason : FinishReason.CANCELLED,
        promptTokens() - request.fastTokens(),
        request.fastTokens(),
        clip == null ? 0 : clip.slowTokens(),
        ids,
        Duration.ofNanos(firstToken == 0 ? 0 : firstToken - began),
        Duration.ofNanos(firstToken == 0 ? 0 : lastToken - firstToken),
        lookedAt);
  }

  @Override
  public void close() {
    if (slot != null) {
      slot.close();
      slot = null;
    }
  }
}
