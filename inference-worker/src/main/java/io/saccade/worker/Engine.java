package io.saccade.worker;

import io.saccade.model.Generation;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What answers questions on clips, in pieces: a long clip or prompt never holds back the tokens of
 * others by more than one of its pieces. Used by one thread at a time.
 *
 * <p>Any call may throw {@link io.saccade.model.graph.ModelMemoryException}. A call that fails
 * leaves what it worked on as it was, so that it can be tried again.
 */
public interface Engine extends AutoCloseable {

  /** What the model is called and how clips are sampled for it. */
  ModelCard card();

  /** Bytes of native memory that a clip of so many frames takes, known before it is looked at. */
  long clipBytes(int frames);

  /**
   * Prepares to look at a clip, once for all questions on it.
   *
   * @param frames one buffer a position of the clip, each S x S x 3 bytes (uint8, height x width x
   *     RGB), S being the card's image size; read until the look is done or closed
   * @return the look, which the caller closes
   * @throws IllegalArgumentException if there are too few or too many frames or one has another
   *     size
   */
  Looking looking(List<ByteBuffer> frames);

  /**
   * Prepares the answer to a question; computes nothing.
   *
   * @param frames of the clip that it is asked about
   * @return the answer to be, which the caller closes
   * @throws io.saccade.model.PromptTooLongException if the prompt is longer than the model allows
   * @throws IllegalArgumentException if an option is out of its range
   */
  Answering answering(Question question, int frames);

  /**
   * Generates one token of each answer.
   *
   * @param batch answers of this engine whose prompts are done and that are not finished; their
   *     clips may differ
   */
  void decode(List<Answering> batch);

  @Override
  void close();

  /** A look at a clip; closing it releases what is unfinished. */
  interface Looking extends AutoCloseable {

    /**
     * Computes the next piece.
     *
     * @return whether that was the last
     */
    boolean step();

    /** What the engine saw, which the caller closes. Once, after the last step. */
    Clip clip();

    @Override
    void close();
  }

  /** What an engine saw of a clip; native memory. */
  interface Clip extends AutoCloseable {

    /** Bytes that it holds. */
    long bytes();

    @Override
    void close();
  }

  /** An answer on its way; native memory from {@link #begin} to {@link #close}. */
  interface Answering extends AutoCloseable {

    /** Bytes that it holds once begun. */
    long bytes();

    /**
     * Binds it to its clip.
     *
     * @param clip of this engine; stays open until this is closed
     */
    void begin(Clip clip);

    /**
     * Computes the next piece of the prompt.
     *
     * @return whether that was the last; then the first token is there
     */
    boolean prefill();

    /** Whether all tokens are there. */
    boolean finished();

    /**
     * The text that was settled since the last call: whole characters, and nothing that may still
     * become a stop string. The texts of all calls make the answer. May be empty.
     */
    String takeText();

    /** The whole answer, once finished. */
    Generation generation();

    @Override
    void close();
  }
}
