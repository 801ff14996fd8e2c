package io.saccade.video.isolation;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.Sampler;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.isolation.DecoderProtocol.Reply;
import io.saccade.video.isolation.DecoderProtocol.Request;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples in child processes, so that a video that crashes or compromises its decoder does not
 * affect this process. After a crash, the video is tried once more in a new process. A decoder that
 * exceeds its time or its memory is killed.
 *
 * <p>A child samples one video at a time and is kept for the next one. Thread-safe: concurrent
 * calls use different children. See decision 34 in {@code docs/decisions.md}.
 */
public final class IsolatedSampler implements Sampler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IsolatedSampler.class);

  private static final int ATTEMPTS = 2;

  /**
   * The decoder enforces its time limit itself; after this additional time, one that hangs is
   * killed.
   */
  private static final Duration OVERTIME = Duration.ofSeconds(2);

  /** Interval between checks of a child's memory, which cost more than receiving a frame. */
  private static final Duration MEMORY_CHECK_INTERVAL = Duration.ofMillis(20);

  private final VideoLimits limits;
  private final Class<?> main;
  private final ConcurrentLinkedDeque<DecoderChild> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A sampler that applies {@code limits} to each sampling; starts a first child. */
  public IsolatedSampler(VideoLimits limits) {
    this(limits, DecoderProcess.class);
  }

  /**
   * A sampler with another decoder, for tests.
   *
   * @param main class on this process's class path whose main method calls {@link
   *     DecoderProcess#run}
   */
  public IsolatedSampler(VideoLimits limits, Class<?> main) {
    this.limits = limits;
    this.main = main;
    idle.add(new DecoderChild(main));
  }

  /**
   * {@inheritDoc}
   *
   * @throws VideoException also {@link Category#CRASHED}, if the decoder crashed twice
   */
  @Override
  public SourceFacts sample(
      VideoFile file, SampleSpec spec, FrameSink sink, BooleanSupplier cancelled)
      throws VideoException {
    WorkBudget budget = new WorkBudget(limits.maxTime().plus(OVERTIME), cancelled);
    Request request = new Request(file, spec, limits);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      DecoderChild child = idle.poll();
      if (child == null || !child.isAlive()) {
        child = new DecoderChild(main);
      }
      Reply last = relay(child, request, sink, budget);
      if (last instanceof Reply.Done done) {
        return done.facts();
      }
      if (last instanceof Reply.Failed failed) {
        throw failed.failure();
      }
      log.warn(
          "event=decoder_crashed attempt={} exit={} report={}",
          attempt,
          child.exitValue(),
          child.report());
    }
    throw new VideoException(
        Category.CRASHED,
        "the decoder crashed on this video, %d times; convert it to H.264 in MP4 with another tool"
            .formatted(ATTEMPTS));
  }

  /** Passes the replies of a child on to the sink; returns the last one. */
  private Reply relay(DecoderChild child, Request request, FrameSink sink, WorkBudget budget)
      throws VideoException {
    boolean usable = false;
    boolean emitted = false;
    long nextMemoryCheck = System.nanoTime();
    try {
      child.request(request);
      while (true) {
        budget.check();
        if (System.nanoTime() - nextMemoryCheck >= 0) {
          limits.requireMemory(child.residentBytes());
          nextMemoryCheck = System.nanoTime() + MEMORY_CHECK_INTERVAL.toNanos();
        }
        Reply reply = child.next();
        if (reply instanceof Reply.Frame frame) {
          emitted = true;
          sink.accept(frame.frame());
        } else if (reply instanceof Reply.Restart) {
          sink.restart();
        } else if (reply instanceof Reply.Progress progress) {
          sink.progress(progress.share());
        } else if (reply instanceof Reply.Lost) {
          if (emitted) {
            sink.restart();
          }
          return reply;
        } else if (reply != null) {
          usable = true;
          return reply;
        }
      }
    } finally {
      release(child, isWithinMemory(child) && (usable || child.cancel()));
    }
  }

  /** A child that retains too much memory is not kept, because its next video would be refused. */
  private boolean isWithinMemory(DecoderChild child) {
    return child.residentBytes() <= limits.maxMemoryBytes();
  }

  private void release(DecoderChild child, boolean usable) {
    if (!usable) {
      child.close();
      return;
    }
    idle.push(child);
    if (closed) {
      close();
    }
  }

  /** The resident memory of all idle children in bytes; 0 if unknown. */
  public long residentBytes() {
    return idle.stream().mapToLong(DecoderChild::residentBytes).sum();
  }

  /** The highest peak of the resident memory of an idle child in bytes; 0 if unknown. */
  public long peakResidentBytes() {
    return idle.stream().mapToLong(DecoderChild::peakResidentBytes).max().orElse(0);
  }

  /** Ends the idle children; a sampling in progress ends its own child when it is done. */
  @Override
  public void close() {
    closed = true;
    retire();
  }

  /** Ends the idle children; new ones are started when needed. */
  public void retire() {
    for (DecoderChild child = idle.poll(); child != null; child = idle.poll()) {
      child.close();
    }
  }
}
