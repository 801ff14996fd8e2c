package io.saccade.video.access;

import io.saccade.video.VideoException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Fetches over HTTP, one transfer after the other on one thread; {@link #abort} ends them from
 * another thread. Public for the packages {@code feed} and {@code live} only.
 */
public final class HttpFetcher {
  private final HostAccess hosts;
  private final DownloadLimits limits;
  private final TlsSocketStrategy tls;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private @Nullable HttpTransfer transfer;
  private boolean aborted;

  /**
   * Creates a fetcher.
   *
   * @param limits the limits of each transfer; {@code maxTime} does not apply
   */
  public HttpFetcher(HostAccess hosts, DownloadLimits limits, TlsSocketStrategy tls) {
    this.hosts = hosts;
    this.limits = limits;
    this.tls = tls;
  }

  /**
   * Fetches a URI into a channel, following redirects. Blocks.
   *
   * @param maxBytes largest body in bytes
   * @return the URI of the last redirect
   * @throws VideoException if the transfer fails or was aborted
   */
  public RemoteUri fetch(RemoteUri uri, WritableByteChannel target, long maxBytes)
      throws VideoException {
    DownloadLimits ofTransfer =
        new DownloadLimits(limits.folder(), maxBytes, limits.maxTime(), limits.idleTime());
    return register(new HttpTransfer(hosts, ofTransfer, tls)).run(uri, target);
  }

  private HttpTransfer register(HttpTransfer next) {
    lock.lock();
    try {
      transfer = next;
      if (aborted) {
        next.abort();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits between transfers.
   *
   * @return false if the fetcher was aborted or the thread was interrupted meanwhile
   */
  public boolean pause(Duration time) {
    lock.lock();
    try {
      for (long remaining = time.toNanos();
          remaining > 0 && !aborted;
          remaining = ended.awaitNanos(remaining)) {}
      return !aborted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the transfer in progress and all later ones. */
  public void abort() {
    lock.lock();
    try {
      aborted = true;
      ended.signalAll();
      if (transfer != null) {
        transfer.abort();
      }
    } finally {
      lock.unlock();
    }
  }
}
