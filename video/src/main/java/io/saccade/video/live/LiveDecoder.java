package io.saccade.video.live;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.FrameReader;
import io.saccade.video.decode.FrameRenderer;
import io.saccade.video.decode.SourceShape;
import io.saccade.video.decode.StreamClock;
import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes the bytes of a live source into frames at ticks; runs in the child process. One thread
 * reads the container and another one, the caller's, decodes. All frames are decoded, but only
 * those for ticks are rendered.
 */
final class LiveDecoder {
  private final Request request;
  private final LiveInput input;
  private final FramePacer pacer;
  private final Consumer<Reply> replies;
  private final VideoLimits limits;
  private final LiveClock clock;
  private final StallWatch stalls;

  /**
   * Creates a decoder.
   *
   * @param input the source's bytes; not used if the request names a file
   * @param replies receives all replies but the last one
   */
  LiveDecoder(Request request, LiveInput input, Consumer<Reply> replies) {
    this(request, input, new FramePacer(request.speed()), replies);
  }

  LiveDecoder(Request request, LiveInput input, FramePacer pacer, Consumer<Reply> replies) {
    this.request = request;
    this.input = input;
    this.pacer = pacer;
    this.replies = replies;
    this.limits = forEndlessVideo(request.limits());
    this.clock = new LiveClock(request.spec().step().toNanos(), request.spec().stall().toNanos());
    this.stalls =
        new StallWatch(request.spec().stall().toNanos(), () -> replies.accept(new Reply.Stalled()));
  }

  private static VideoLimits forEndlessVideo(VideoLimits limits) {
    return new VideoLimits(
        limits.maxFileBytes(),
        limits.maxPixels(),
        limits.maxStreams(),
        Long.MAX_VALUE,
        Duration.ofDays(36_500),
        limits.maxMemoryBytes(),
        limits.maxTime(),
        1);
  }

  /** Decodes until the source ends. Blocks. */
  void run() throws VideoException {
    WorkBudget budget = WorkBudget.unlimited();
    if (request.file().isPresent()) {
      decode(Demuxer.open(request.file().get(), limits, budget), budget);
      return;
    }
    boolean started = false;
    while (nextPart()) {
      if (!started) {
        stalls.start();
        started = true;
      }
      decode(Demuxer.open(input.part(), limits, budget), budget);
    }
  }

  private boolean nextPart() throws VideoException {
    try {
      return input.next();
    } catch (IOException e) {
      throw VideoException.passing(Category.UNREADABLE, "the source cannot be read", e);
    }
  }

  /** Decodes one container and closes it. */
  private void decode(Demuxer demuxer, WorkBudget budget) throws VideoException {
    try (PacketReader packets = new PacketReader(demuxer, new PacketQueue(!request.waits()));
        FrameReader frames = new FrameReader(demuxer, packets, 1, limits, budget);
        FrameRenderer renderer =
            new FrameRenderer(request.spec().imageSize(), request.spec().resize())) {
      do {
        clock.endSession();
        decode(demuxer, frames, renderer);
        frames.restart();
      } while (packets.resume());
    }
  }

  private void decode(Demuxer demuxer, FrameReader frames, FrameRenderer renderer)
      throws VideoException {
    StreamClock times = demuxer.clock();
    for (AVFrame frame = frames.next(); frame != null; frame = frames.next()) {
      if (stalls.pause()) {
        clock.endSession();
      }
      long pts = times.nanos(frames.timestamp(), frames.frames() - 1);
      if (clock.place(pts, frame.width(), frame.height())) {
        pace(pts);
        if (clock.begins()) {
          SourceShape shape = SourceShape.of(demuxer, frame);
          replies.accept(new Reply.Session(shape.facts(0, 0, pts, pts, pts, 0, 0)));
        }
        reply(frames, frame, renderer);
      }
      stalls.resume();
    }
  }

  private void pace(long pts) {
    if (clock.begins()) {
      pacer.begin(pts);
    } else {
      pacer.await(pts);
    }
  }

  private void reply(FrameReader frames, AVFrame frame, FrameRenderer renderer)
      throws VideoException {
    Duration time = Duration.ofNanos(clock.sinceStart());
    if (clock.due() && !frames.frameDamaged()) {
      byte[] rgb = renderer.render(frame, frames.frames() - 1);
      replies.accept(new Reply.Frame(clock.take(), time, ByteBuffer.wrap(rgb)));
    } else {
      replies.accept(new Reply.Progress(time));
    }
  }
}
