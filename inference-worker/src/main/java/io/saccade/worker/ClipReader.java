package io.saccade.worker;

import io.saccade.bus.FramesExpiredException;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Reads the frames of clips, one clip at a time, beside the inference thread: tokens never wait for
 * Kafka.
 */
final class ClipReader {

  private final Source source;
  private final Executor thread;
  private final Metrics metrics;

  /** Where frames come from. */
  interface Source {

    /**
     * Reads a clip's frames, one a position.
     *
     * @param cancelled asked while waiting; once true, an exception ends the wait
     * @throws FramesExpiredException if they are gone, or are not what the manifest says
     */
    List<ByteBuffer> read(ClipManifest clip, BooleanSupplier cancelled)
        throws FramesExpiredException;
  }

  /**
   * Reads on a thread.
   *
   * @param thread runs one thing at a time
   */
  ClipReader(Source source, Executor thread, Metrics metrics) {
    this.source = source;
    this.thread = thread;
    this.metrics = metrics;
  }

  /**
   * Reads the frames of a viewing.
   *
   * @param done is given the frames or, if there are none, the reason; on the reader's thread
   */
  void read(ClipLoad viewing, BiConsumer<List<ByteBuffer>, Throwable> done) {
    thread.execute(
        () -> {
          long begin = System.nanoTime();
          try {
            List<ByteBuffer> frames = source.read(viewing.manifest(), viewing::abandoned);
            metrics.timeSince(Metric.TRANSPORT, begin);
            metrics.add(
                Metric.FRAME_BYTES_READ, frames.stream().mapToLong(Buffer::remaining).sum());
            done.accept(frames, null);
          } catch (FramesExpiredException | RuntimeException | Error e) {
            done.accept(null, e);
          }
        });
  }
}
