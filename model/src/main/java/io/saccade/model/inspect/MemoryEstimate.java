package io.saccade.model.inspect;

import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.WideCopies;

/**
 * What running a checkpoint takes, computed from its shapes; the working memory is an estimate.
 *
 * @param elementBytes bytes of an element of keys and values: 4 with float32 weights that are not
 *     quantised, else 2
 * @param slowKeyValueBytes keys and values of a clip's slow tokens in the hybrid layers
 * @param prefixKeyValueBytes keys and values of the prompt's beginning up to the last fast token,
 *     which all questions on a clip share
 * @param clipBytes all that is kept of a clip between questions: both of these and the fast tokens
 * @param sequenceBytes keys and values of a question of the longest prompt and the longest answer
 *     where a request does not say
 * @param workingBytes activations while frames are encoded or a prompt is read, whichever is more
 * @param wideCopyBytes the quantised weights in bfloat16, which are kept, too, unless they take too
 *     much of the machine's memory: then 0 ({@link WideCopies#AUTO})
 * @param machineBytes memory of the machine
 * @param fits whether weights, their copies, work, one clip, one sequence and {@link
 *     #RESERVED_BYTES} fit in it
 * @param clips clips that fit beside one sequence
 * @param sequences sequences that fit beside one clip
 */
public record MemoryEstimate(
    int elementBytes,
    long slowKeyValueBytes,
    long prefixKeyValueBytes,
    long clipBytes,
    long sequenceBytes,
    long workingBytes,
    long wideCopyBytes,
    long machineBytes,
    boolean fits,
    long clips,
    long sequences) {
  /** For the JVM, the libraries and the operating system. */
  public static final long RESERVED_BYTES = 1L << 30;

  /** Pixels of the frames that pass through the tower together. */
  private static final long CHUNK_PIXELS = 4L * 576 * 576;

  static MemoryEstimate of(
      Checkpoint checkpoint, CheckpointInspection.Tokens tokens, long machineBytes) {
    ModelDescription model = checkpoint.model();
    DecoderConfig decoder = model.decoder();
    boolean halves =
        checkpoint.quantisation().isPresent() || checkpoint.weightType() != TensorType.F32;
    int element = halves ? Short.BYTES : Float.BYTES;
    long tokenBytes = 2L * decoder.keyHeads() * decoder.headSize() * element;
    long slow = decoder.hybridLayers().size() * tokenBytes * tokens.slow();
    long prefix =
        decoder.layers() * tokenBytes * (model.prompt().tokensBeforeClip() + tokens.fast());
    long clip = slow + prefix + tokens.fast() * decoder.hidden() * element;
    long longest = (long) tokens.maxPrompt() + Checkpoint.DEFAULT_MAX_NEW_TOKENS;
    long sequence = decoder.layers() * tokenBytes * longest;
    long working = working(model, tokens, element);
    boolean wide = WideCopies.AUTO.kept(checkpoint.wideCopyBytes(), machineBytes);
    long copies = wide ? checkpoint.wideCopyBytes() : 0;
    long room = machineBytes - checkpoint.bytes() - copies - working - RESERVED_BYTES;
    return new MemoryEstimate(
        element,
        slow,
        prefix,
        clip,
        sequence,
        working,
        copies,
        machineBytes,
        room >= clip + sequence,
        Math.max(0, (room - sequence) / clip),
        Math.max(0, (room - clip) / sequence));
  }

  /** The widest activation going into and out of its function, and the slow tokens beside it. */
  private static long working(
      ModelDescription model, CheckpointInspection.Tokens tokens, int element) {
    DecoderConfig decoder = model.decoder();
    int side = model.tower().imageSize();
    long frames = Math.max(1, CHUNK_PIXELS / ((long) side * side));
    long encoding = 2 * frames * model.tower().widestActivation();
    long reading = tokens.maxPrompt() * (3L * decoder.intermediate() + 4L * decoder.hidden());
    long slowTokens = tokens.slow() * decoder.hidden();
    return element * (Math.max(encoding, reading) + slowTokens);
  }
}
