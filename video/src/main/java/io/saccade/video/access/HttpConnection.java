package io.saccade.video.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection for one GET request, to exactly the addresses that were checked. It resolves no
 * name, uses no proxy, follows no redirect, decodes no content, retries nothing, keeps no cookies
 * and sends no credentials. See decision 36 in {@code docs/decisions.md}. Public for the package
 * {@code live} only.
 */
public final class HttpConnection implements AutoCloseable {
  private static final int MAX_HEADER_BYTES = 8192;
  private static final int MAX_HEADERS = 100;

  /**
   * Upgrades sockets to TLS, checking certificates against the JVM's authorities, which are loaded
   * at first use.
   */
  public static final TlsSocketStrategy TRUSTED =
      (socket, target, port, attachment, context) ->
          Authorities.STRATEGY.upgrade(socket, target, port, attachment, context);

  private final RemoteEndpoint endpoint;
  private final CloseableHttpClient client;
  private @Nullable Socket socket;
  private boolean aborted;

  /**
   * Prepares a connection; nothing is sent before {@link #get}.
   *
   * @param idleTime longest single wait for the host: to connect, to shake hands, to send bytes
   * @param tls upgrades a socket to TLS
   */
  HttpConnection(RemoteEndpoint endpoint, Duration idleTime, TlsSocketStrategy tls) {
    this.endpoint = endpoint;
    Timeout timeout = Timeout.of(idleTime.toMillis(), TimeUnit.MILLISECONDS);
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(connections(timeout, tls))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(timeout)
                    .setAuthenticationEnabled(false)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .setUserAgent("Saccade")
            .disableRedirectHandling()
            .disableContentCompression()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  private BasicHttpClientConnectionManager connections(Timeout timeout, TlsSocketStrategy tls) {
    BasicHttpClientConnectionManager connections =
        new BasicHttpClientConnectionManager(
            new DefaultHttpClientConnectionOperator(
                proxy -> openSocket(),
                DefaultSchemePortResolver.INSTANCE,
                new CheckedAddresses(),
                RegistryBuilder.<TlsSocketStrategy>create()
                    .register(RemoteUri.Scheme.HTTPS.text(), tls)
                    .build()),
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(MAX_HEADER_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build());
    connections.setSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build());
    connections.setConnectionConfig(
        ConnectionConfig.custom().setConnectTimeout(timeout).setSocketTimeout(timeout).build());
    connections.setTlsConfig(TlsConfig.custom().setHandshakeTimeout(timeout).build());
    return connections;
  }

  /** Sends the request; the response's body can be read until this is closed. */
  ClassicHttpResponse get() throws IOException {
    HttpGet request = new HttpGet(endpoint.uri().uri());
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    request.setHeader(HttpHeaders.CONNECTION, "close");
    return client.executeOpen(null, request, null);
  }

  private synchronized Socket openSocket() throws SocketException {
    if (aborted) {
      throw new SocketException("aborted");
    }
    socket = new Socket(Proxy.NO_PROXY);
    return socket;
  }

  /**
   * Makes the operation that another thread performs on this connection fail at once. The socket
   * itself is closed, because closing the client would wait for a handshake or read the rest of a
   * body.
   */
  synchronized void abort() {
    aborted = true;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // the connection is not used again
      }
    }
  }

  @Override
  public void close() {
    abort();
    client.close(CloseMode.IMMEDIATE);
  }

  /** Answers the client's look-ups with the checked addresses. */
  private final class CheckedAddresses implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) {
      return endpoint.addresses().toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /** Loads the JVM's certificate authorities at first use. */
  private static final class Authorities {
    private static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
  }
}
