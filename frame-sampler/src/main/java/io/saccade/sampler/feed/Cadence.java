package io.saccade.sampler.feed;

import io.saccade.proto.LiveTimes;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.sampler.record.Policies;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a session of a feed is looked at: at ticks a step apart, which number its time in slots
 * [tick, tick + step). Each slot gives one frame, each window takes the frames of its slots.
 *
 * @param step nanoseconds from tick to tick
 * @param ticks slots of a window, at least 1
 * @param hop slots from the start of a window to the start of the next, at least 1
 * @param length of a window in nanoseconds
 */
record Cadence(long step, int ticks, int hop, long length) {

  /** What {@link io.saccade.video.LiveSpec} takes. */
  private static final long LEAST_STEP = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * The cadence of a feed for a profile: with UNIFORM N ticks a window; with a policy by rate ticks
   * at that rate, but at least one and at most N a window. The hop is rounded to whole steps.
   *
   * @param profile with a policy and a rate that {@link Policies} knows
   */
  static Cadence of(LiveTimes times, SamplingProfile profile) {
    long window = times.window().toNanos();
    long step = Math.max(window / profile.getFrames(), LEAST_STEP);
    if (profile.getPolicy() != SamplingPolicy.UNIFORM) {
      long rated = (long) (TimeUnit.SECONDS.toNanos(1) / profile.getRate());
      step = Math.min(Math.max(step, rated), window);
    }
    long ticks = Math.min(profile.getFrames(), (window + step - 1) / step);
    long hop = Math.max(1, Math.round(times.hop().toNanos() / (double) step));
    return new Cadence(step, (int) ticks, Math.toIntExact(hop), window);
  }

  /** From tick to tick. */
  Duration stepTime() {
    return Duration.ofNanos(step);
  }

  /** The slot of a moment of the session, in nanoseconds from 0. */
  long slot(long pts) {
    return pts / step;
  }

  /** Where a window begins, in nanoseconds. */
  long begin(long window) {
    return window * hop * step;
  }

  /** Where a window ends, in nanoseconds. */
  long end(long window) {
    return begin(window) + length;
  }

  /** The first slot of a window. */
  long firstSlot(long window) {
    return window * hop;
  }

  /** The last window that has begun at a moment. */
  long lastBegun(long pts) {
    return slot(pts) / hop;
  }

  /** The first window that has not ended at a moment. */
  long firstOpen(long pts) {
    return pts < length ? 0 : (pts - length) / (hop * step) + 1;
  }
}
