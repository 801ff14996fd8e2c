package io.saccade.video.access;

import io.saccade.video.VideoFile;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A video that may be sampled until this is closed. */
public final class OpenedVideo implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenedVideo.class);

  private final VideoFile file;
  private final boolean temporary;

  private OpenedVideo(VideoFile file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /** A file that stays where it is. */
  static OpenedVideo local(VideoFile file) {
    return new OpenedVideo(file, false);
  }

  /** A file that goes when this is closed. */
  static OpenedVideo temporary(VideoFile file) {
    return new OpenedVideo(file, true);
  }

  /** What to sample. */
  public VideoFile file() {
    return file;
  }

  /** Deletes the file if it was fetched for this; others stay. */
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
