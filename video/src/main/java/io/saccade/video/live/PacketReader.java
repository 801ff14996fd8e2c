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

/**
 * Reads a live container on a thread of its own, which never waits for the decoder unless the
 * source may wait, too. That thread owns the demuxer, because a read may outlast all who want it.
 */
final class PacketReader implements FrameReader.PacketSource, AutoCloseable {
  private final Demuxer demuxer;
  private final PacketQueue queue;
  private final CountDownLatch unused = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "packets");
  private volatile boolean read;

  /** Begins to read; the demuxer is closed when this is. */
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
      unused.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      demuxer.close();
    }
  }

  private VideoException readAll() {
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
      return new VideoException(Category.CRASHED, "the source's reader failed", 0, e);
    } finally {
      av_packet_free(packet);
    }
  }

  /** The next packet; false at the end, or where some were left out, as {@link #resume} tells. */
  @Override
  public boolean read(AVPacket packet) {
    return queue.take(packet);
  }

  /**
   * Goes on after packets that were left out.
   *
   * @return false at the end
   * @throws VideoException if it is one because of a failure
   */
  boolean resume() throws VideoException {
    if (queue.resume()) {
      return true;
    }
    if (queue.failure() != null) {
      throw queue.failure();
    }
    return false;
  }

  /** Lets go of the demuxer, at once if it was read to the end. */
  @Override
  public void close() {
    unused.countDown();
    queue.close();
    if (read) {
      join();
    }
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a decoder", e);
    }
  }
}
