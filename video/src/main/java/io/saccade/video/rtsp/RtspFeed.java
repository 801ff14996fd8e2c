package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HostAccess;
import io.saccade.video.access.RemoteEndpoint;
import io.saccade.video.feed.DecoderChannel;
import io.saccade.video.feed.LiveFeed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first video of an RTSP source, interleaved on the RTSP connection. Public for the
 * package {@code live} only.
 */
public final class RtspFeed implements LiveFeed {
  private static final int MAX_REDIRECTS = 5;

  private final RtspSource start;
  private final HostAccess hosts;
  private final Duration timeout;
  private final TlsSocketStrategy tls;
  private @Nullable RtspConnection connection;
  private boolean aborted;

  /**
   * Creates a feed.
   *
   * @param timeout longest single wait for the host
   */
  public RtspFeed(RtspSource start, HostAccess hosts, Duration timeout, TlsSocketStrategy tls) {
    this.start = start;
    this.hosts = hosts;
    this.timeout = timeout;
    this.tls = tls;
  }

  @Override
  public void run(DecoderChannel out) throws VideoException {
    RtspSource source = start;
    for (int redirects = 0; ; redirects++) {
      Optional<String> location = play(source, out);
      if (location.isEmpty()) {
        return;
      }
      if (redirects == MAX_REDIRECTS) {
        throw new VideoException(
            Category.REFUSED, "the host redirects more than %d times".formatted(MAX_REDIRECTS));
      }
      source = source.following(location.get());
    }
  }

  /** Plays until the connection ends; returns the target if the host redirects. */
  private Optional<String> play(RtspSource source, DecoderChannel out) throws VideoException {
    RemoteEndpoint endpoint = hosts.check(source.uri());

    try (RtspConnection opened = begin(new RtspConnection(endpoint, timeout))) {
      opened.connect(tls);
      return new RtspSession(source, out, opened).run();
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
          Category.UNREADABLE, "the host sent a malformed RTSP message", 0, e);
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
