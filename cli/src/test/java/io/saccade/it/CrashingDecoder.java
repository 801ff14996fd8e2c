package io.saccade.it;

import io.saccade.video.FrameSink;
import io.saccade.video.SampleSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.DecoderProcess;
import io.saccade.video.sampling.VideoSampler;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A decoder process that a video of the right name brings down by a bad memory access. */
public final class CrashingDecoder {

  /** How the names of such videos begin. */
  static final String NAME = "crashing";

  private CrashingDecoder() {}

  /** Runs like the real one. */
  public static void main(String[] args) {
    DecoderProcess.run(limits -> (file, spec, sink, cancelled) -> sample(limits, file, spec, sink));
  }

  private static SourceFacts sample(
      VideoLimits limits, VideoFile file, SampleSpec spec, FrameSink sink) throws VideoException {
    if (file.path().getFileName().toString().startsWith(NAME)) {
      new BytePointer(new Nowhere()).put((byte) 1);
    }
    return new VideoSampler(limits).sample(file, spec, sink, () -> false);
  }

  private static final class Nowhere extends Pointer {
    Nowhere() {
      this.address = 8;
    }
  }
}
