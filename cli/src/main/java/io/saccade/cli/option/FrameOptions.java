package io.saccade.cli.option;

import io.saccade.proto.FrameEncoding;
import picocli.CommandLine.Option;

/** The option for how frames are stored. */
public final class FrameOptions {

  @Option(
      names = "--frame-encoding",
      paramLabel = "ENCODING",
      defaultValue = "raw",
      description =
          "How frames are stored in the log: raw, zstd (lossless) or jpeg:Q, Q from 1 to 100."
              + " Default: ${DEFAULT-VALUE}")
  private FrameEncoding encoding;

  /** The encoding of frames in the log. */
  public FrameEncoding encoding() {
    return encoding;
  }
}
