package io.saccade.video.live;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.decode.FrameReader;
import io.saccade.video.decode.TimeUnwrapper;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the packets of a live container on a thread of its own, which waits for the decoder only if
 * the source can wait, too. That thread owns the demuxer, because a read may still be blocked when
 * this is closed.
 */
final class PacketReader implements FrameReader.PacketSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PacketReader.class);

  private final Demuxer demuxer;
  private final PacketQueue queue;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "packets");
  private volatile boolean read;

  /** Starts to read. The demuxer is closed after this is. */
  PacketReader(Demuxer demuxer, PacketQueue queue) {
    this.demuxer = demuxer;
    this.queue = queue;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      queue.end(readAll());
      read = true;
      closed.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("this thread is never interrupted", e);
    } finally {
      demuxer.close();
    }
  }

  /** Reads to the end; returns the failure that ended the packets, or null. */
  private @Nullable VideoException readAll() {
    TimeUnwrapper times = new TimeUnwrapper(demuxer.stream().pts_wrap_bits());
    AVPacket packet = Ffmpeg.allocated(av_packet_alloc());
    try {
      while (demuxer.read(packet)) {
        times.apply(packet);
        if (!queue.put(packet)) {
          break;
        }
      }
      return null;
    } catch (VideoException e) {
      return e;
    } catch (RuntimeException | Error e) {
      log.error("event=decoder_error", e);
      return new VideoException(Category.CRASHED, "the source's reader failed", 0, e);
    } finally {
      av_packet_free(packet);
    }
  }

  /**
   * Reads the next packet; returns false at the end, or before a gap. {@link #resume} distinguishes
   * the two.
   */
  @Override
  public boolean read(AVPacket packet) {
    return queue.take(packet);
  }

  /**
   * Continues after a gap of dropped packets.
   *
   * @return false at the end of the packets
   * @throws VideoException if a failure ended the packets
   */
  boolean resume() throws VideoException {
    if (queue.resume()) {
      return true;
    }
    VideoException failure = queue.failure();
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  /** Releases the demuxer; waits until it is closed if it was read to the end. */
  @Override
  public void close() {
    closed.countDown();
    queue.close();
    if (read) {
      join();
    }
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the decoding thread is never interrupted", e);
    }
  }
}
