package io.saccade.video.sampling;

import io.saccade.video.FrameSink;
import io.saccade.video.Progress;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import io.saccade.video.decode.FrameRenderer;
import io.saccade.video.decode.SourceShape;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * One sampling of a regular video that decodes only what its wanted frames need, several runs at a
 * time. What comes out is held against the index frame by frame; whatever does not agree ends the
 * pass with an {@link IrregularException}.
 */
final class SparsePass {
  /** With fewer runs a thread, the first threads to finish would leave a core idle for long. */
  private static final int MANY_RUNS = 4;

  private static final int FRAMES_AHEAD = 2;

  private final VideoFile file;
  private final SampleSpec spec;
  private final PacketIndex index;
  private final int[] indices;
  private final VideoLimits limits;
  private final WorkBudget budget;
  private final DecodePlan plan;
  private final FrameQueue queue;
  private final AtomicInteger claimed = new AtomicInteger();
  private final LongAdder packets = new LongAdder();
  private final LongAdder decodeNanos = new LongAdder();
  private final LongAdder renderNanos = new LongAdder();
  private volatile boolean stopped;
  private volatile SourceShape shape;
  private boolean emitted;

  /**
   * A pass that has not begun.
   *
   * @param indices the frames wanted of the range, one a position, ascending
   */
  SparsePass(
      VideoFile file,
      SampleSpec spec,
      PacketIndex index,
      int[] indices,
      VideoLimits limits,
      WorkBudget budget) {
    this.file = file;
    this.spec = spec;
    this.index = index;
    this.indices = indices;
    this.limits = limits;
    this.budget = budget;
    this.plan = new DecodePlan(index, indices);
    this.queue = new FrameQueue(plan.runs().size(), FRAMES_AHEAD * limits.decoderThreads());
  }

  /**
   * Samples.
   *
   * @throws IrregularException if the frames are not those of the index; the sink may have some
   */
  SourceFacts run(FrameSink sink) throws VideoException {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(limits.decoderThreads(), plan.runs().size()); i++) {
        Thread thread = new Thread(this::work, "video-decoder-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
      for (SampledFrame f = queue.take(budget); f != null; f = queue.take(budget)) {
        emitted = true;
        sink.accept(f);
        sink.progress(Progress.decoding(packets.sum(), plan.packetsSent()));
      }
    } finally {
      stopped = true;
      threads.forEach(SparsePass::join);
    }
    return facts();
  }

  /** Waits however often it is interrupted: the thread reads what the caller is about to close. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the sink was given anything. */
  boolean emitted() {
    return emitted;
  }

  private void work() {
    WorkBudget own = budget.until(() -> stopped);
    try (Demuxer demuxer = Demuxer.open(file, limits, own);
        FrameRenderer renderer = new FrameRenderer(spec.imageSize(), spec.resize())) {
      PacketCursor cursor = new PacketCursor(demuxer, index, plan);
      try (FrameReader frames =
          new FrameReader(demuxer, counting(cursor), threads(demuxer), limits, own)) {
        for (int i = claimed.getAndIncrement();
            i < plan.runs().size();
            i = claimed.getAndIncrement()) {
          cursor.begin(plan.runs().get(i));
          frames.restart();
          decode(i, demuxer, frames, renderer, own);
          queue.finish(i);
        }
      }
    } catch (VideoException | RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  private FrameReader.PacketSource counting(PacketCursor cursor) {
    return packet -> {
      packets.increment();
      return cursor.read(packet);
    };
  }

  private int threads(Demuxer demuxer) {
    boolean many = plan.runs().size() >= MANY_RUNS * limits.decoderThreads();
    return many ? 1 : demuxer.decoderThreads();
  }

  private void decode(
      int run, Demuxer demuxer, FrameReader frames, FrameRenderer renderer, WorkBudget own)
      throws VideoException {
    int shown = 0;
    int last = -1;
    long start = System.nanoTime();
    for (AVFrame frame = frames.next(); frame != null; frame = frames.next()) {
      int rank = index.rank(frames.timestamp());
      require(rank > last && plan.sends(index.packetShown(rank)));
      last = rank;
      shown++;
      int first = firstPosition(index.indexInRange(rank));
      if (first >= 0) {
        long decoded = System.nanoTime();
        decodeNanos.add(decoded - start);
        note(first, demuxer, frame);
        SampledFrame sampled = sampled(first, frame, renderer);
        renderNanos.add(System.nanoTime() - decoded);
        require(!frames.damaged());
        queue.put(run, sampled, own);
        start = System.nanoTime();
      }
    }
    decodeNanos.add(System.nanoTime() - start);
    require(shown == plan.runs().get(run).frames() && !frames.damaged());
  }

  private static void require(boolean agrees) {
    if (!agrees) {
      throw new IrregularException("the frames decoded are not those that the packets promise");
    }
  }

  /** The first position that frame {@code index} of the range fills; negative if it is unwanted. */
  private int firstPosition(int index) {
    int found = Arrays.binarySearch(indices, index);
    while (found > 0 && indices[found - 1] == index) {
      found--;
    }
    return found;
  }

  private void note(int position, Demuxer demuxer, AVFrame frame) {
    if (position == 0) {
      shape = SourceShape.of(demuxer, frame);
    }
  }

  private SampledFrame sampled(int first, AVFrame frame, FrameRenderer renderer)
      throws VideoException {
    int positions = 1;
    while (first + positions < indices.length && indices[first + positions] == indices[first]) {
      positions++;
    }
    byte[] rgb = renderer.render(frame, indices[first]);
    return new SampledFrame(
        first,
        positions,
        indices[first],
        Duration.ofNanos(index.nanos(indices[first])),
        spec.imageSize(),
        spec.imageSize(),
        ByteBuffer.wrap(rgb));
  }

  private SourceFacts facts() {
    int frames = index.framesInRange();
    return shape.facts(
        frames,
        index.keyFrames(),
        index.nanos(0),
        index.nanos(frames - 1),
        index.end(),
        decodeNanos.sum(),
        renderNanos.sum());
  }
}
