package io.saccade.sampler.record;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be under way at a time, shared by many. Who finds too few goes without. */
public final class ByteBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** A budget of this many bytes. */
  public ByteBudget(long most) {
    this.most = most;
  }

  /** Takes bytes if there are so many left; each success is followed by one {@link #give}. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    give(bytes);
    return false;
  }

  /** Gives bytes back. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes under way. */
  public long taken() {
    return taken.get();
  }
}
