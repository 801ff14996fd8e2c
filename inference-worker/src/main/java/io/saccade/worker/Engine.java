package io.saccade.worker;

import io.saccade.model.Generation;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What answers questions on clips. Called by one thread at a time. */
public interface Engine extends AutoCloseable {

  /** What the model is called and how clips are sampled for it. */
  ModelCard card();

  /**
   * Looks at a clip, once for all questions on it.
   *
   * @param frames one buffer a position of the clip, each S x S x 3 bytes (uint8, height x width x
   *     RGB), S being the card's image size
   * @return what the engine saw, which the caller closes
   */
  Clip encode(List<ByteBuffer> frames);

  /**
   * Answers a question on a clip that this engine encoded.
   *
   * @param cancelled asked before each token; once true, the answer ends as it is
   * @throws io.saccade.model.PromptTooLongException if the prompt is longer than the model allows
   * @throws IllegalArgumentException if an option is out of its range
   */
  Generation generate(Clip clip, Question question, BooleanSupplier cancelled);

  @Override
  void close();

  /** What an engine saw of a clip; native memory. */
  interface Clip extends AutoCloseable {

    /** Bytes that it holds. */
    long bytes();

    @Override
    void close();
  }
}
