package io.saccade.video.access;

import io.saccade.video.VideoFile;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A video that may be sampled until this is closed. Closing it deletes a downloaded file. */
public final class OpenedVideo implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenedVideo.class);

  private final VideoFile file;
  private final boolean temporary;

  private OpenedVideo(VideoFile file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /** A file that {@link #close} does not delete. */
  static OpenedVideo local(VideoFile file) {
    return new OpenedVideo(file, false);
  }

  /** A downloaded file, which {@link #close} deletes. */
  static OpenedVideo temporary(VideoFile file) {
    return new OpenedVideo(file, true);
  }

  /** The file to sample. */
  public VideoFile file() {
    return file;
  }

  /** Deletes the file if it was downloaded; a failure to do so is logged. */
  @Override
  public void close() {
    if (temporary) {
      try {
        Files.deleteIfExists(file.path());
      } catch (IOException e) {
        log.warn("event=download_left file={}", file.path(), e);
      }
    }
  }
}
