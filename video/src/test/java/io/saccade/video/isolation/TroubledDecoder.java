package io.saccade.video.isolation;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.sampling.VideoSampler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A decoder process whose behaviour depends on the name of the file: {@code crash} ends it by an
 * invalid memory access after a frame, {@code crash-once} only the first time, {@code hang} never
 * ends and cannot be cancelled.
 */
public final class TroubledDecoder {
  private TroubledDecoder() {}

  /** Runs like the real one. */
  public static void main(String[] args) {
    DecoderProcess.run(limits -> (file, spec, sink, cancelled) -> sample(limits, file, spec, sink));
  }

  private static SourceFacts sample(
      VideoLimits limits, VideoFile file, SampleSpec spec, FrameSink sink) throws VideoException {
    String name = file.path().getFileName().toString();
    if (name.startsWith("hang")) {
      awaitForEver();
    }
    Path mark = file.path().resolveSibling("crashed");
    boolean again = name.startsWith("crash-once") && Files.exists(mark);
    FrameSink trouble =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {
            sink.accept(frame);
            if (name.startsWith("crash") && !again) {
              crash(mark);
            }
          }

          @Override
          public void restart() {
            sink.restart();
          }
        };
    return new VideoSampler(limits).sample(file, spec, trouble, () -> false);
  }

  private static void crash(Path mark) {
    try {
      Files.writeString(mark, "");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    new BytePointer(new Nowhere()).put((byte) 1);
  }

  private static void awaitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Nowhere extends Pointer {
    Nowhere() {
      this.address = 8;
    }
  }
}
