package io.saccade.video.access;

import io.saccade.video.VideoException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/** Transfers over HTTP one after the other, all of which {@link #abort} ends. */
public final class HttpFetches {
  private final HostAccess hosts;
  private final DownloadLimits limits;
  private final TlsSocketStrategy tls;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private HttpTransfer transfer;
  private boolean aborted;

  /**
   * Transfers within the limits.
   *
   * @param limits of each transfer; the time for a whole one does not apply
   */
  public HttpFetches(HostAccess hosts, DownloadLimits limits, TlsSocketStrategy tls) {
    this.hosts = hosts;
    this.limits = limits;
    this.tls = tls;
  }

  /**
   * Fetches something, following redirects.
   *
   * @return where it was found
   */
  public RemoteUri fetch(RemoteUri uri, WritableByteChannel target, long maxBytes)
      throws VideoException {
    DownloadLimits own =
        new DownloadLimits(limits.folder(), maxBytes, limits.maxTime(), limits.idleTime());
    return begin(new HttpTransfer(hosts, own, tls)).run(uri, target);
  }

  private HttpTransfer begin(HttpTransfer next) {
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
   * Lets time pass between transfers.
   *
   * @return false if they were aborted meanwhile
   */
  public boolean pause(Duration time) {
    lock.lock();
    try {
      for (long rest = time.toNanos(); rest > 0 && !aborted; rest = ended.awaitNanos(rest)) {}
      return !aborted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the transfer under way and all later ones. */
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
