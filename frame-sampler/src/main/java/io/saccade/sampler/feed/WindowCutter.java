package io.saccade.sampler.feed;

import io.saccade.sampler.record.SentFrame;
import io.saccade.video.LiveFrame;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts one session of a feed in windows. Window k has the frames from k * hop to k * hop + length
 * of the session's time; windows that overlap name the same frames.
 *
 * <ul>
 *   <li>Each slot of the cadence gives its first frame. Where the source is slower than the ticks,
 *       a frame stands for the slots behind it too, the window's first one also for those before
 *       it. A window in which no frame begins is left out.
 *   <li>A window is ready when a frame at or behind its end came, or the source says that it is
 *       there.
 *   <li>A frame that finds no place among the bytes in flight takes all windows with it that it
 *       belongs to; they are counted and their other frames are not sent.
 *   <li>At the session's end the oldest unfinished window is published as a shorter one if it has a
 *       frame that no earlier window named; later ones are dropped, since they have nothing more.
 * </ul>
 *
 * <p>For one thread.
 */
final class WindowCutter {

  private final String session;
  private final Cadence cadence;
  private final Writer writer;
  private final Consumer<FeedWindow> windows;
  private final Clock clock;

  /** The frames of unfinished windows, in order. */
  private final Deque<SentFrame> frames = new ArrayDeque<>();

  /** The oldest unfinished window. */
  private long next;

  private long lastSlot = -1;

  /** The last slot whose frame was named by a window. */
  private long lastNamed = -1;

  private long dropped;

  /** Sends frames. */
  @FunctionalInterface
  interface Writer {

    /** Sends a frame that stands for a slot, or finds no place for it. */
    Optional<SentFrame> write(long slot, LiveFrame frame);
  }

  /**
   * Begins a session.
   *
   * @param session its name
   * @param windows takes each window once all of its frames are sent
   */
  WindowCutter(
      String session, Cadence cadence, Writer writer, Consumer<FeedWindow> windows, Clock clock) {
    this.session = session;
    this.cadence = cadence;
    this.writer = writer;
    this.windows = windows;
    this.clock = clock;
  }

  /** The session's name. */
  String session() {
    return session;
  }

  /** Windows that were dropped because too many bytes were in flight. */
  long dropped() {
    return dropped;
  }

  /** Takes a frame, in the order of presentation times. */
  void frame(LiveFrame frame) {
    long pts = frame.pts().toNanos();
    finish(pts, frame.received());
    long slot = cadence.slot(pts);
    if (slot > lastSlot && isWanted(pts)) {
      lastSlot = slot;
      writer.write(slot, frame).ifPresentOrElse(frames::add, () -> drop(pts));
    }
  }

  /** The source is at this presentation time, in nanoseconds, also if it had no frame for us. */
  void progress(long pts) {
    finish(pts, clock.instant());
  }

  /** Ends the session. */
  void end() {
    SentFrame last = frames.peekLast();
    if (last != null && last.slot() > lastNamed) {
      long end = Math.min((last.slot() + 1) * cadence.step(), cadence.end(next));
      publish(next, end, last.received());
    }
    frames.clear();
  }

  /** Whether a window that is not dropped has this moment in it. */
  private boolean isWanted(long pts) {
    long last = cadence.lastBegun(pts);
    return last >= next && pts < cadence.end(last);
  }

  private void finish(long pts, Instant at) {
    long open = cadence.firstOpen(pts);
    while (next < open && !frames.isEmpty()) {
      publish(next, cadence.end(next), at);
      skipTo(next + 1);
    }
    if (next < open) {
      skipTo(open);
    }
  }

  private void drop(long pts) {
    long last = cadence.lastBegun(pts);
    dropped += last - next + 1;
    skipTo(last + 1);
  }

  private void skipTo(long window) {
    next = window;
    while (!frames.isEmpty() && frames.peekFirst().slot() < cadence.firstSlot(next)) {
      frames.removeFirst();
    }
  }

  private void publish(long window, long to, Instant end) {
    long from = cadence.begin(window);
    List<SentFrame> own =
        frames.stream().filter(frame -> frame.pts() >= from && frame.pts() < to).toList();
    if (own.isEmpty()) {
      return;
    }
    SentFrame first = own.get(0);
    lastNamed = Math.max(lastNamed, own.get(own.size() - 1).slot());
    int slots = (int) ((to - from + cadence.step() - 1) / cadence.step());
    windows.accept(
        new FeedWindow(
            session,
            window,
            from,
            to,
            first.received(),
            end,
            positions(own, cadence.firstSlot(window), Math.min(slots, cadence.ticks()))));
  }

  /** One frame a slot. */
  private static List<SentFrame> positions(List<SentFrame> own, long firstSlot, int slots) {
    List<SentFrame> positions = new ArrayList<>(slots);
    int shown = 0;
    for (int i = 0; i < slots; i++) {
      while (shown + 1 < own.size() && own.get(shown + 1).slot() <= firstSlot + i) {
        shown++;
      }
      positions.add(own.get(shown));
    }
    return positions;
  }
}
