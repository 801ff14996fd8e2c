package io.saccade.worker;

import io.saccade.bus.ContractProducer;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.AnswerChunk;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends pieces of answers, best effort: on a thread of its own, as a producer may wait for the
 * broker, and what comes while too many wait is dropped. May be used from any thread.
 */
final class Chunks implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Chunks.class);

  /** Chunks that wait for the producer, some hundred bytes each. */
  private static final int WAITING = 1_000;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final ContractProducer outlet;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          task -> new Thread(task, "worker-chunks"),
          new DiscardPolicy());

  /** Sends through an outlet, which stays open. */
  Chunks(ContractProducer outlet) {
    this.outlet = outlet;
  }

  /** Sends a chunk, or not. */
  void send(AnswerChunk chunk) {
    thread.execute(
        () -> {
          var unused =
              outlet
                  .send(Topics.ANSWER_CHUNKS, chunk.getVideoId(), chunk)
                  .exceptionally(
                      failure -> {
                        log.debug("event=chunk_lost reason=\"{}\"", failure.toString());
                        return null;
                      });
        });
  }

  /** Waits shortly for what was sent. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
