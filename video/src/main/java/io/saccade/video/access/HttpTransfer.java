package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * One transfer of a video from a host to a channel. It blocks in network calls; {@link #abort} ends
 * it from another thread. Messages repeat nothing that a host sent. See decision 35 in {@code
 * docs/decisions.md}.
 */
final class HttpTransfer {
  private static final int MAX_REDIRECTS = 5;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Set<Integer> REDIRECTS =
      Set.of(
          HttpStatus.SC_MOVED_PERMANENTLY,
          HttpStatus.SC_MOVED_TEMPORARILY,
          HttpStatus.SC_SEE_OTHER,
          HttpStatus.SC_TEMPORARY_REDIRECT,
          HttpStatus.SC_PERMANENT_REDIRECT);

  private static final Set<Integer> RETRY_LATER =
      Set.of(
          HttpStatus.SC_REQUEST_TIMEOUT, HttpStatus.SC_TOO_EARLY, HttpStatus.SC_TOO_MANY_REQUESTS);

  private final HostAccess hosts;
  private final DownloadLimits limits;
  private final TlsSocketStrategy tls;
  private @Nullable HttpConnection connection;
  private boolean aborted;

  HttpTransfer(HostAccess hosts, DownloadLimits limits, TlsSocketStrategy tls) {
    this.hosts = hosts;
    this.limits = limits;
    this.tls = tls;
  }

  /**
   * Fetches a video, following redirects.
   *
   * @param start an {@code http:} or {@code https:} URI; its host is checked here, as is the host
   *     of every redirect
   * @return the URI of the last redirect, or {@code start}
   * @throws VideoException if the transfer fails; the target then holds an unknown part of the
   *     video
   * @throws UncheckedIOException if the target cannot be written
   */
  RemoteUri run(RemoteUri start, WritableByteChannel target) throws VideoException {
    RemoteEndpoint endpoint = hosts.check(start);
    for (int redirects = 0; ; redirects++) {
      Optional<String> location = fetch(endpoint, target);
      if (location.isEmpty()) {
        return endpoint.uri();
      }
      if (redirects == MAX_REDIRECTS) {
        throw refused("the host redirects more than %d times".formatted(MAX_REDIRECTS));
      }
      endpoint = redirected(endpoint.uri(), location.get());
    }
  }

  private RemoteEndpoint redirected(RemoteUri from, String location) throws VideoException {
    try {
      return hosts.check(from.following(location));
    } catch (VideoException e) {
      throw new VideoException(
          e.category(), "a redirect was not followed: " + e.getMessage(), 0, e.isPassing(), e);
    }
  }

  /** Returns the Location of a redirect; empty once the target has the video. */
  private Optional<String> fetch(RemoteEndpoint endpoint, WritableByteChannel target)
      throws VideoException {
    try (HttpConnection opened = connect(endpoint)) {
      ClassicHttpResponse response = opened.get();
      if (REDIRECTS.contains(response.getCode())) {
        return Optional.of(location(response));
      }
      save(requireVideo(response), target);
      return Optional.empty();
    } catch (SocketTimeoutException e) {
      throw VideoException.passing(
          Category.TIMEOUT,
          "the host sent nothing for %s; try again later".formatted(limits.idleTime()),
          e);
    } catch (SSLException e) {
      throw VideoException.untrusted(e);
    } catch (IOException e) {
      throw VideoException.passing(
          Category.UNREADABLE, "the host cannot be reached or broke off the transfer", e);
    }
  }

  private static String location(ClassicHttpResponse response) throws VideoException {
    Header location = response.getFirstHeader(HttpHeaders.LOCATION);
    if (location == null || location.getValue() == null) {
      throw unreadable("the host redirects to nowhere");
    }
    return location.getValue();
  }

  private HttpEntity requireVideo(ClassicHttpResponse response) throws VideoException {
    HttpEntity body = response.getEntity();
    if (response.getCode() != HttpStatus.SC_OK || body == null) {
      throw unexpected(response.getCode());
    }
    String encoding = body.getContentEncoding();
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw unreadable("the host sends the video in an encoding that was not asked for");
    }
    requireSize(body.getContentLength());
    return body;
  }

  private void save(HttpEntity body, WritableByteChannel target)
      throws IOException, VideoException {
    InputStream content = body.getContent();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      total += count;
      requireSize(total);
      write(ByteBuffer.wrap(buffer, 0, count), target);
    }
  }

  private static void write(ByteBuffer bytes, WritableByteChannel target) {
    try {
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
    } catch (IOException e) { // a failure of this machine, not of the video
      throw new UncheckedIOException(e);
    }
  }

  private void requireSize(long bytes) throws VideoException {
    if (bytes > limits.maxBytes()) {
      throw refused(
          "the video is larger than the %d bytes allowed for a download; raise the limit or shorten it"
              .formatted(limits.maxBytes()));
    }
  }

  private synchronized HttpConnection connect(RemoteEndpoint endpoint) throws IOException {
    connection = new HttpConnection(endpoint, limits.idleTime(), tls);
    if (aborted) {
      connection.abort();
    }
    return connection;
  }

  /** Makes {@link #run} throw at once, also a run that starts later. */
  synchronized void abort() {
    aborted = true;
    if (connection != null) {
      connection.abort();
    }
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }

  /**
   * Server errors are passing failures, and so are the statuses that ask the client to retry later.
   */
  private static VideoException unexpected(int status) {
    boolean passing = status >= HttpStatus.SC_SERVER_ERROR || RETRY_LATER.contains(status);
    return new VideoException(
        Category.UNREADABLE,
        "the host answers with status %d where 200 was expected".formatted(status),
        0,
        passing,
        null);
  }

  private static VideoException unreadable(String message) {
    return new VideoException(Category.UNREADABLE, message);
  }
}
