package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.AnswerChunk;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads the pieces of answers of all partitions as they come, without a consumer group. Pieces may
 * be missing; only the Answer counts. For one thread.
 */
public final class ChunkReader implements AutoCloseable {

  private final LogReader<AnswerChunk> chunks;

  private ChunkReader(LogReader<AnswerChunk> chunks) {
    this.chunks = chunks;
  }

  /** Reads the pieces that come after this call has returned, or shortly before. */
  public static ChunkReader fromNow(BusConfig config) {
    return new ChunkReader(LogReader.fromNow(config, Topics.ANSWER_CHUNKS));
  }

  /** Hands over what has come, waiting at most {@code patience} for the first. */
  public void poll(Duration patience, Consumer<AnswerChunk> each) {
    chunks.poll(patience, each);
  }

  @Override
  public void close() {
    chunks.close();
  }
}
