package io.saccade.sampler.feed;

import io.saccade.sampler.record.FrameWriter;
import io.saccade.sampler.record.RecordSender;
import io.saccade.video.LiveReader;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What all feeds of a sampler share.
 *
 * @param sampler its name
 * @param reader connects to sources
 * @param frames writes frames
 * @param bus takes manifests and reports
 * @param slots one a connection
 * @param threads runs whoever blocks: one task a connection, and sends
 * @param reports sends reports one after the other, so that they keep their order
 * @param timer for what comes later and does not block
 * @param counters counts windows
 * @param mayReport whether the feeds are ours to speak of
 * @param random draws pauses and names of sessions; thread-safe
 */
record FeedContext(
    String sampler,
    FeedConfig config,
    LiveReader reader,
    FrameWriter frames,
    RecordSender bus,
    Semaphore slots,
    Executor threads,
    Executor reports,
    Timer timer,
    Clock clock,
    FeedCounters counters,
    BooleanSupplier mayReport,
    RandomGenerator random) {

  /** Runs tasks later. */
  @FunctionalInterface
  interface Timer {

    /** Runs a task after a pause unless it is cancelled before. */
    Future<?> schedule(Runnable task, Duration pause);
  }
}
