package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HostAccess;
import io.saccade.video.access.RemoteEndpoint;
import io.saccade.video.feed.FeedOutlet;
import io.saccade.video.feed.LiveFeed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/** The first video of an RTSP source, over the connection on which it is asked for. */
public final class RtspFeed implements LiveFeed {
  private static final int MAX_REDIRECTS = 5;

  private final RtspPlace start;
  private final HostAccess hosts;
  private final Duration timeout;
  private final TlsSocketStrategy tls;
  private RtspConnection connection;
  private boolean aborted;

  /**
   * A feed that has not begun.
   *
   * @param timeout how long the host may take for anything
   */
  public RtspFeed(RtspPlace start, HostAccess hosts, Duration timeout, TlsSocketStrategy tls) {
    this.start = start;
    this.hosts = hosts;
    this.timeout = timeout;
    this.tls = tls;
  }

  @Override
  public void run(FeedOutlet out) throws VideoException {
    RtspPlace place = start;
    for (int redirects = 0; ; redirects++) {
      Optional<String> location = play(place, out);
      if (location.isEmpty()) {
        return;
      }
      if (redirects == MAX_REDIRECTS) {
        throw new VideoException(
            Category.REFUSED, "the host redirects more than %d times".formatted(MAX_REDIRECTS));
      }
      place = place.following(location.get());
    }
  }

  /** Plays until the connection ends; where to go instead, if the host says so. */
  private Optional<String> play(RtspPlace place, FeedOutlet out) throws VideoException {
    RemoteEndpoint endpoint = hosts.check(place.uri());
    RtspSession session = new RtspSession(place, out);
    try (RtspConnection opened = begin(new RtspConnection(endpoint, timeout, session))) {
      opened.connect(tls);
      return session.run(opened);
    } catch (IOException e) {
      if (isAborted()) {
        return Optional.empty();
      }
      throw failure(e);
    }
  }

  private static VideoException failure(IOException e) {
    if (e instanceof SSLException untrusted) {
      return VideoException.untrusted(untrusted);
    }
    if (e instanceof ProtocolException) {
      return new VideoException(
          Category.UNREADABLE, "the host does not speak RTSP as it should", 0, e);
    }
    if (e instanceof SocketTimeoutException) {
      return VideoException.passing(Category.TIMEOUT, "the host sent nothing for too long", e);
    }
    String what =
        e instanceof ConnectException
            ? "the host cannot be reached"
            : "the host broke off the stream";
    return VideoException.passing(Category.UNREADABLE, what, e);
  }

  private synchronized RtspConnection begin(RtspConnection next) {
    connection = next;
    if (aborted) {
      next.abort();
    }
    return next;
  }

  private synchronized boolean isAborted() {
    return aborted;
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (connection != null) {
      connection.abort();
    }
  }

  @Override
  public boolean waits() {
    return false;
  }
}
