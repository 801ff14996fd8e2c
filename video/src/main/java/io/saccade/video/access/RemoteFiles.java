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

/**
 * Downloads videos from other hosts, one file for each call, readable by this user only.
 * Thread-safe. See decision 35 in {@code docs/decisions.md}.
 */
final class RemoteFiles {
  private static final long POLL_MILLIS = 50;

  private final HostAccess hosts;
  private final DownloadLimits limits;
  private final TlsSocketStrategy tls;

  RemoteFiles(HostAccess hosts, DownloadLimits limits, TlsSocketStrategy tls) {
    this.hosts = hosts;
    this.limits = limits;
    this.tls = tls;
  }

  /**
   * Downloads a video. The network calls run on a thread of their own, so that this method can
   * return at any time, even while a name server or a host blocks that thread.
   *
   * @param uri an {@code http:} or {@code https:} URI
   * @param cancelled polled several times a second on this thread
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
    } catch (IOException | UncheckedIOException e) { // a failure of this machine, not of the video
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
    thread.setDaemon(true); // it may stay blocked in a name look-up after this method returned
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
        task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
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
        throw failure(e);
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

  /** Returns the failure of the transfer; throws any other exception of its thread. */
  private static VideoException failure(ExecutionException failed) {
    if (failed.getCause() instanceof VideoException e) {
      return e;
    }
    if (failed.getCause() instanceof Error e) {
      throw e;
    }
    if (failed.getCause() instanceof RuntimeException e) {
      throw e;
    }
    throw new IllegalStateException(failed);
  }
}
