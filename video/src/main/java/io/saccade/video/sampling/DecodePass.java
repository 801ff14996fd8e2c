package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import io.saccade.video.decode.FrameRenderer;
import io.saccade.video.decode.SourceShape;
import io.saccade.video.decode.StreamClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a video from start to end, passes the frames at the given indices to the sink and counts
 * all frames.
 */
final class DecodePass {
  private final SampleSpec spec;
  private final PtsRange range;
  private final int[] wanted;
  private final FrameSink sink;

  private int position;
  private int framesInRange;
  private long firstPts;
  private long lastPts;
  private long end;
  private @Nullable SourceShape shape;
  private long totalNanos;
  private long renderNanos;

  /**
   * A pass that has not begun.
   *
   * @param wanted ascending indices among the frames of the spec's range; empty to count frames
   *     only
   */
  DecodePass(SampleSpec spec, int[] wanted, FrameSink sink) {
    this.spec = spec;
    this.range = PtsRange.of(spec);
    this.wanted = wanted;
    this.sink = sink;
  }

  /** Decodes to the end of the video. */
  void run(Demuxer demuxer, FrameReader frames) throws VideoException {
    StreamClock clock = demuxer.clock();
    long start = System.nanoTime();
    try (FrameRenderer renderer = new FrameRenderer(spec.imageSize(), spec.resize())) {
      for (AVFrame frame = frames.next(); frame != null; frame = frames.next()) {
        long pts = clock.nanos(frames.timestamp(), frames.frames() - 1);
        if (range.contains(pts)) {
          recordFrame(demuxer, frame, pts, clock);
          emitIfWanted(frame, pts, renderer);
          framesInRange++;
        }
      }
    }
    totalNanos = System.nanoTime() - start;
  }

  private void recordFrame(Demuxer demuxer, AVFrame frame, long pts, StreamClock clock) {
    if (framesInRange == 0) {
      firstPts = pts;
      end = pts;
      shape = SourceShape.of(demuxer, frame);
    }
    lastPts = pts;
    long length = clock.nanos(frame.duration() > 0 ? frame.duration() : AV_NOPTS_VALUE, 1);
    end = Math.max(end, pts + length);
  }

  private void emitIfWanted(AVFrame frame, long pts, FrameRenderer renderer) throws VideoException {
    int first = position;
    while (position < wanted.length && wanted[position] == framesInRange) {
      position++;
    }
    if (position == first) {
      return;
    }
    long start = System.nanoTime();
    byte[] rgb = renderer.render(frame, framesInRange);
    renderNanos += System.nanoTime() - start;
    sink.accept(
        new SampledFrame(
            first,
            position - first,
            framesInRange,
            Duration.ofNanos(pts),
            spec.imageSize(),
            spec.imageSize(),
            ByteBuffer.wrap(rgb)));
    sink.progress(SamplingProgress.decoding(position, wanted.length));
  }

  /** The number of frames in the range; final after {@link #run}. */
  int framesInRange() {
    return framesInRange;
  }

  /** Whether the sink received a frame. */
  boolean emitted() {
    return position > 0;
  }

  /** The facts that this pass found out; call it only if the range has frames. */
  SourceFacts facts(int keyFrames) {
    return Objects.requireNonNull(shape, "there is no frame in the range")
        .facts(
            framesInRange,
            keyFrames,
            firstPts,
            lastPts,
            end,
            totalNanos - renderNanos,
            renderNanos);
  }
}
