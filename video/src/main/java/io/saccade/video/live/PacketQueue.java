package io.saccade.video.live;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_move_ref;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import io.saccade.video.VideoException;
import io.saccade.video.decode.Ffmpeg;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Packets between the thread that reads a live source and the one that decodes it. A source that
 * does not wait loses whole groups of pictures when decoding cannot keep up: all that waits is
 * dropped, and so is what comes before the next key frame. The packets are owned here while they
 * wait.
 */
final class PacketQueue implements AutoCloseable {
  private static final long MAX_BYTES = 32L << 20;
  private static final long MAX_AGE = Duration.ofSeconds(10).toNanos();

  /** What a packet takes besides its bytes. */
  private static final int PACKET_BYTES = 512;

  /** Without a key frame among so many packets, decoding begins anywhere. */
  private static final int MAX_SKIPPED = 1000;

  private final boolean drops;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean skipping = true;
  private int skipped;
  private boolean gap;
  private boolean ended;
  private boolean closed;
  private VideoException failure;

  private record Entry(AVPacket packet, long bytes, long since, boolean afterGap) {}

  /**
   * An empty queue.
   *
   * @param drops whether the source does not wait; else {@link #put} does
   */
  PacketQueue(boolean drops) {
    this(drops, System::nanoTime);
  }

  PacketQueue(boolean drops, LongSupplier nanoClock) {
    this.drops = drops;
    this.nanoClock = nanoClock;
  }

  /**
   * Takes over the packet's contents, or drops them.
   *
   * @return false once nobody takes packets any more
   */
  boolean put(AVPacket packet) {
    lock.lock();
    try {
      makeRoom();
      if (closed || skips(packet)) {
        av_packet_unref(packet);
        return !closed;
      }
      long size = (long) packet.size() + PACKET_BYTES;
      AVPacket own = Ffmpeg.allocated(av_packet_alloc());
      av_packet_move_ref(own, packet);
      waiting.add(new Entry(own, size, nanoClock.getAsLong(), gap));
      bytes += size;
      gap = false;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom() {
    while (!drops && !closed && bytes > MAX_BYTES) {
      changed.awaitUninterruptibly();
    }
    if (drops && !waiting.isEmpty() && (bytes > MAX_BYTES || isOld(waiting.peek()))) {
      clear();
      skipping = true;
      gap = true;
    }
  }

  private boolean isOld(Entry entry) {
    return nanoClock.getAsLong() - entry.since() > MAX_AGE;
  }

  private boolean skips(AVPacket packet) {
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    if (skipping && !key && skipped < MAX_SKIPPED) {
      skipped++;
      return true;
    }
    skipping = false;
    skipped = 0;
    return false;
  }

  /** Nothing follows, because of the failure unless it is null. */
  void end(VideoException cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the next packet and moves it to {@code packet}.
   *
   * @return false at the end, or where packets were dropped; {@link #resume} tells which
   */
  boolean take(AVPacket packet) {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (waiting.isEmpty() || waiting.peek().afterGap()) {
        return false;
      }
      Entry entry = waiting.remove();
      bytes -= entry.bytes();
      av_packet_move_ref(packet, entry.packet());
      av_packet_free(entry.packet());
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Goes on after a gap, for which it may have to wait: there may be another one; false at the end.
   */
  boolean resume() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (waiting.isEmpty()) {
        return false;
      }
      Entry entry = waiting.remove();
      waiting.addFirst(new Entry(entry.packet(), entry.bytes(), entry.since(), false));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Packets that wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Why the packets ended, or null if they just did. */
  VideoException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      av_packet_free(entry.packet());
    }
    bytes = 0;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
