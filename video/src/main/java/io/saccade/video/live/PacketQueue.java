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
import org.jspecify.annotations.Nullable;

/**
 * The queue of packets between the thread that reads a live source and the one that decodes it.
 * Thread-safe. The queue owns its packets. See decision 53 in {@code docs/decisions.md}.
 *
 * <p>How it works: the queue is bounded in bytes and in the age of its packets. When a source that
 * cannot wait exceeds a bound, all packets in the queue are dropped, and so are the following ones
 * up to the next key frame, so that whole groups of pictures are lost. The next packet is marked as
 * one after a gap; {@link #take} stops before it, until {@link #resume} is called.
 */
final class PacketQueue implements AutoCloseable {
  private static final long MAX_BYTES = 32L << 20;
  private static final long MAX_AGE = Duration.ofSeconds(10).toNanos();

  /** The memory that a packet takes besides its bytes. */
  private static final int PACKET_BYTES = 512;

  /** After this many packets without a key frame, decoding begins at any packet. */
  private static final int MAX_SKIPPED = 1000;

  private final boolean drops;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private boolean skipping = true;
  private int skipped;
  private boolean gap;
  private boolean ended;
  private boolean closed;
  private @Nullable VideoException failure;

  private record Entry(AVPacket packet, long bytes, long since, boolean afterGap) {}

  /**
   * An empty queue.
   *
   * @param drops whether packets are dropped if the queue is full; otherwise {@link #put} waits
   */
  PacketQueue(boolean drops) {
    this(drops, System::nanoTime);
  }

  PacketQueue(boolean drops, LongSupplier nanoClock) {
    this.drops = drops;
    this.nanoClock = nanoClock;
  }

  /**
   * Adds the packet's contents to the queue, or drops them.
   *
   * @return false once the queue is closed
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
      entries.add(new Entry(own, size, nanoClock.getAsLong(), gap));
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
    if (drops && !entries.isEmpty() && (bytes > MAX_BYTES || isOld(entries.peek()))) {
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

  /** Marks the end of the packets; {@code cause} is the failure that ended them, or null. */
  void end(@Nullable VideoException cause) {
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
   * @return false at the end, or before a gap; {@link #resume} distinguishes the two
   */
  boolean take(AVPacket packet) {
    lock.lock();
    try {
      while (entries.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (entries.isEmpty() || entries.peek().afterGap()) {
        return false;
      }
      Entry entry = entries.remove();
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
   * Continues after a gap, for whose end it may have to wait; returns false at the end of the
   * packets.
   */
  boolean resume() {
    lock.lock();
    try {
      while (entries.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (entries.isEmpty()) {
        return false;
      }
      Entry entry = entries.remove();
      entries.addFirst(new Entry(entry.packet(), entry.bytes(), entry.since(), false));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The number of packets in the queue. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** The failure that ended the packets, or null. */
  @Nullable VideoException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
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
