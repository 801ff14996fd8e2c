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

/**
 * A connection for one GET, to exactly the addresses that were checked. It asks no name server,
 * takes no proxy, follows no redirect, decodes no content, repeats nothing, keeps no cookie and
 * sends no credentials.
 */
public final class HttpConnection implements AutoCloseable {
  private static final int MAX_HEADER_BYTES = 8192;
  private static final int MAX_HEADERS = 100;

  /** Checks certificates against the JVM's authorities; loaded when the first one is met. */
  public static final TlsSocketStrategy TRUSTED =
      (socket, target, port, attachment, context) ->
          Authorities.STRATEGY.upgrade(socket, target, port, attachment, context);

  private final RemoteEndpoint endpoint;
  private final CloseableHttpClient client;
  private Socket socket;
  private boolean aborted;

  /**
   * Prepares a connection; nothing is sent before {@link #get}.
   *
   * @param idleTime how long to wait for the host at any one time
   * @param tls makes a connection a secure one
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
   * Makes whatever another thread does with this connection fail at once. The socket itself is
   * closed, because the client's own ways wait for a handshake or read what is left of a body.
   */
  synchronized void abort() {
    aborted = true;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // nothing is lost: the connection is given up
      }
    }
  }

  @Override
  public void close() {
    abort();
    client.close(CloseMode.IMMEDIATE);
  }

  /** Stands in for a name server. */
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

  /** The JVM's certificate authorities. */
  private static final class Authorities {
    private static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
  }
}
