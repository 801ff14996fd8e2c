package io.saccade.video.sampling;

import io.saccade.video.FrameSink;
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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Samples a regular video and decodes only the packets that its wanted frames need, several runs in
 * parallel. Every decoded frame is compared with the index; the first difference ends the pass with
 * an {@link IrregularException}. See decisions 31 and 33 in {@code docs/decisions.md}.
 *
 * <p>How it works: each thread opens the file itself and repeatedly claims the next run of the
 * {@link DecodePlan}. A {@link PacketCursor} finds the run's packets, and a {@link FrameQueue}
 * delivers the rendered frames to the calling thread in order.
 */
final class SparsePass {
  /**
   * With fewer runs per thread, decoders get a second thread, so that cores are not idle at the
   * end.
   */
  private static final int MIN_RUNS_PER_THREAD = 4;

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
  private volatile @Nullable SourceShape shape;
  private boolean emitted;

  /**
   * A pass that has not begun.
   *
   * @param indices the index in the range of the frame at each position of the sample; ascending
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
   * Samples the video.
   *
   * @throws IrregularException if the frames differ from the index; the sink may have received
   *     frames
   */
  SourceFacts run(FrameSink sink) throws VideoException {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(limits.decoderThreads(), plan.runs().size()); i++) {
        Thread thread = new Thread(this::decodeRuns, "video-decoder-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
      for (SampledFrame f = queue.take(budget); f != null; f = queue.take(budget)) {
        emitted = true;
        sink.accept(f);
        sink.progress(SamplingProgress.decoding(packets.sum(), plan.packetsSent()));
      }
    } finally {
      stopped = true;
      threads.forEach(SparsePass::join);
    }
    return facts();
  }

  /**
   * Waits for the end of a thread and is not ended by an interrupt, because the file may change
   * after the caller returns.
   */
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

  /** Whether the sink received a frame. */
  boolean emitted() {
    return emitted;
  }

  private void decodeRuns() {
    WorkBudget partBudget = budget.until(() -> stopped);
    try (Demuxer demuxer = Demuxer.open(file, limits, partBudget);
        FrameRenderer renderer = new FrameRenderer(spec.imageSize(), spec.resize())) {
      PacketCursor cursor = new PacketCursor(demuxer, index, plan);
      try (FrameReader frames =
          new FrameReader(demuxer, counting(cursor), threads(demuxer), limits, partBudget)) {
        for (int i = claimed.getAndIncrement();
            i < plan.runs().size();
            i = claimed.getAndIncrement()) {
          cursor.begin(plan.runs().get(i));
          frames.restart();
          decode(i, demuxer, frames, renderer, partBudget);
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
    boolean enough = plan.runs().size() >= MIN_RUNS_PER_THREAD * limits.decoderThreads();
    return enough ? 1 : demuxer.decoderThreads();
  }

  private void decode(
      int run, Demuxer demuxer, FrameReader frames, FrameRenderer renderer, WorkBudget partBudget)
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
        recordShape(first, demuxer, frame);
        SampledFrame sampled = sampled(first, frame, renderer);
        renderNanos.add(System.nanoTime() - decoded);
        require(!frames.damaged());
        queue.put(run, sampled, partBudget);
        start = System.nanoTime();
      }
    }
    decodeNanos.add(System.nanoTime() - start);
    require(shown == plan.runs().get(run).frames() && !frames.damaged());
  }

  private static void require(boolean agrees) {
    if (!agrees) {
      throw new IrregularException("the decoded frames differ from those that the packets predict");
    }
  }

  /**
   * The first position that frame {@code index} of the range fills; negative if it is not wanted.
   */
  private int firstPosition(int index) {
    int found = Arrays.binarySearch(indices, index);
    while (found > 0 && indices[found - 1] == index) {
      found--;
    }
    return found;
  }

  private void recordShape(int position, Demuxer demuxer, AVFrame frame) {
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
    return Objects.requireNonNull(shape, "there is no frame in the range")
        .facts(
            frames,
            index.keyFrames(),
            index.nanos(0),
            index.nanos(frames - 1),
            index.end(),
            decodeNanos.sum(),
            renderNanos.sum());
  }
}
