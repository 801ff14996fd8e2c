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
 * Samples in processes of their own, so that a video that crashes its decoder, or takes it over,
 * does not get hold of this one. A crash is tried again once, in a fresh process; a decoder that
 * does not stop in time or takes too much memory is killed.
 *
 * <p>A process samples one video at a time and is kept for the next. Thread-safe.
 */
public final class IsolatedSampler implements Sampler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IsolatedSampler.class);

  private static final int ATTEMPTS = 2;

  /** The decoder keeps its own time; this is for one that hangs. */
  private static final Duration OVERTIME = Duration.ofSeconds(2);

  /** How often a process's memory is looked at; that takes longer than a frame's way here. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final VideoLimits limits;
  private final Class<?> main;
  private final ConcurrentLinkedDeque<DecoderChild> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A sampler whose every sampling keeps to {@code limits}; starts a first process. */
  public IsolatedSampler(VideoLimits limits) {
    this(limits, DecoderProcess.class);
  }

  /**
   * A sampler with a decoder of its own.
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
   * @throws VideoException also {@link Category#CRASHED}
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
      Reply last = converse(child, request, sink, budget);
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

  /** Passes on what the child says, up to its last reply. */
  private Reply converse(DecoderChild child, Request request, FrameSink sink, WorkBudget budget)
      throws VideoException {
    boolean usable = false;
    boolean emitted = false;
    long look = System.nanoTime();
    try {
      child.ask(request);
      while (true) {
        budget.check();
        if (System.nanoTime() - look >= 0) {
          limits.requireMemory(child.residentBytes());
          look = System.nanoTime() + BETWEEN_LOOKS.toNanos();
        }
        Reply reply = child.next();
        if (reply instanceof Reply.Frame frame) {
          emitted = true;
          sink.accept(frame.frame());
        } else if (reply instanceof Reply.Restart) {
          sink.restart();
        } else if (reply instanceof Reply.Progress progress) {
          sink.progress(progress.share());
        } else if (reply instanceof Reply.Gone) {
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
      release(child, isWithinMemory(child) && (usable || child.giveUp()));
    }
  }

  /** One that kept too much of what a video took must not have the next one refused. */
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

  /** Resident memory in bytes of the processes that are idle, together; 0 if unknown. */
  public long residentBytes() {
    return idle.stream().mapToLong(DecoderChild::residentBytes).sum();
  }

  /** The most memory in bytes that a process now idle has had resident; 0 if unknown. */
  public long peakResidentBytes() {
    return idle.stream().mapToLong(DecoderChild::peakResidentBytes).max().orElse(0);
  }

  /** Ends the processes; samplings under way end theirs when they are done. */
  @Override
  public void close() {
    closed = true;
    retire();
  }

  /** Ends the processes that are idle; others are started when they are needed. */
  public void retire() {
    for (DecoderChild child = idle.poll(); child != null; child = idle.poll()) {
      child.close();
    }
  }
}
