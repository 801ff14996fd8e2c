package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/** Fetches videos from other hosts to files of this user alone, one file for each call. */
final class RemoteFiles {
  private static final long PATIENCE_MILLIS = 50;

  private final HostAccess hosts;
  private final DownloadLimits limits;
  private final TlsSocketStrategy tls;

  RemoteFiles(HostAccess hosts, DownloadLimits limits, TlsSocketStrategy tls) {
    this.hosts = hosts;
    this.limits = limits;
    this.tls = tls;
  }

  /**
   * Fetches a video. The network blocks a thread of its own, so that this one can leave at any
   * moment, whatever a name server or a host does.
   *
   * @param uri an {@code http:} or {@code https:} URI
   * @param cancelled asked several times a second, from this thread
   * @return the downloaded file; closing it deletes it
   */
  OpenedVideo fetch(RemoteUri uri, BooleanSupplier cancelled) throws VideoException {
    try {
      Path folder = limits.folder().toRealPath();
      Path file = Files.createTempFile(folder, "saccade-", ".download"); // rw-------
      OpenedVideo video = OpenedVideo.temporary(new VideoFile(folder, file));
      try (FileChannel target = FileChannel.open(file, StandardOpenOption.WRITE)) {
        fetch(uri, target, cancelled);
      } catch (IOException | VideoException | RuntimeException | Error e) {
        video.close();
        throw e;
      }
      return video;
    } catch (IOException | UncheckedIOException e) { // this machine's fault, not the video's
      throw VideoException.passing(
          Category.UNREADABLE,
          "the download cannot be stored on this machine; make room in its folder for downloads",
          e);
    }
  }

  private void fetch(RemoteUri uri, FileChannel target, BooleanSupplier cancelled)
      throws VideoException {
    HttpTransfer transfer = new HttpTransfer(hosts, limits, tls);
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              transfer.run(uri, target);
              return null;
            });
    Thread thread = new Thread(task, "video-download");
    thread.setDaemon(true); // a name server may hold it for a while after we left
    thread.start();
    try {
      await(task, cancelled);
    } finally {
      transfer.abort();
    }
  }

  private void await(FutureTask<Void> task, BooleanSupplier cancelled) throws VideoException {
    long begin = System.nanoTime();
    while (true) {
      try {
        task.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (cancelled.getAsBoolean()) {
          throw cancelled();
        }
        requireTime(System.nanoTime() - begin);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cancelled();
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      }
    }
  }

  private void requireTime(long nanos) throws VideoException {
    if (nanos > limits.maxTime().toNanos()) {
      throw new VideoException(
          Category.TIMEOUT,
          "the download took longer than %s; allow more time or give a smaller video"
              .formatted(limits.maxTime()));
    }
  }

  private static VideoException cancelled() {
    return new VideoException(Category.CANCELLED, "the download was cancelled");
  }

  private static VideoException rethrown(Throwable cause) {
    if (cause instanceof VideoException e) {
      return e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) cause;
  }
}
