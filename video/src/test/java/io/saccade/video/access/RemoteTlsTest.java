package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Videos over TLS, from a server whose certificate is for {@code videos.example.com}. */
@Timeout(60)
class RemoteTlsTest {
  private static final String HOST = "videos.example.com";
  private static final String PASSWORD = "password";

  @TempDir static Path folder;
  private static TlsSocketStrategy trusting;
  private static Path downloads;
  private static WebServer secure;
  private static WebServer plain;

  @BeforeAll
  static void startServers() throws Exception {
    SSLContext identity = context(selfSigned());
    trusting = new DefaultClientTlsStrategy(identity);
    downloads = Files.createDirectory(folder.resolve("downloads"));
    secure = WebServer.https(identity).page("/a.mp4", WebServer.bytes(new byte[10]));
    plain = WebServer.http().page("/a.mp4", WebServer.bytes(new byte[10]));
    secure.page("/down", WebServer.redirect(302, plain.uri(HOST, "/a.mp4")));
    plain.page("/up", WebServer.redirect(302, secure.uri(HOST, "/a.mp4")));
  }

  @AfterAll
  static void stopServers() {
    secure.close();
    plain.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(downloads).isEmptyDirectory();
  }

  @Test
  void aTrustedHostIsRead() throws Exception {
    try (OpenedVideo video = access(trusting).open(secure.uri(HOST, "/a.mp4"), () -> false)) {
      assertThat(Files.size(video.file().path())).isEqualTo(10);
    }
  }

  @Test
  void aCertificateOfNoAuthorityIsUnreadable() {
    assertNotTrusted(failure(HttpConnection.TRUSTED, secure.uri(HOST, "/a.mp4")));
  }

  @Test
  void aCertificateOfAnotherNameIsUnreadable() {
    assertNotTrusted(failure(trusting, secure.uri("other.example.com", "/a.mp4")));
  }

  @Test
  void aRedirectMayLeadToTlsButNotAwayFromIt() throws Exception {
    access(trusting).open(plain.uri(HOST, "/up"), () -> false).close();

    VideoException refusal = failure(trusting, secure.uri(HOST, "/down"));
    assertThat(refusal.category()).isEqualTo(Category.REFUSED);
    assertThat(refusal).hasMessageContaining("https to https");
    assertThat(plain.requests()).noneMatch(request -> request.startsWith("/a.mp4"));
  }

  private static void assertNotTrusted(VideoException failure) {
    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageContaining("no trusted TLS connection");
  }

  private static VideoException failure(TlsSocketStrategy tls, String uri) {
    return catchThrowableOfType(
        VideoException.class, () -> access(tls).open(uri, () -> false).close());
  }

  private static VideoAccess access(TlsSocketStrategy tls) {
    List<HostRule> hosts =
        Stream.of(secure, plain)
            .flatMap(s -> Stream.of(HOST + ":" + s.port(), "*.example.com:" + s.port()))
            .map(HostRule::parse)
            .toList();
    AccessConfig config =
        new AccessConfig(
            List.of(),
            hosts,
            List.of(AddressBlock.parse("127.0.0.1"), AddressBlock.parse("::1")),
            new DownloadLimits(downloads, 1000, Duration.ofMinutes(1), Duration.ofMinutes(1)));
    return new VideoAccess(
        config, host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, tls);
  }

  private static KeyStore selfSigned() throws Exception {
    Path file = folder.resolve("keys.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process made =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + HOST,
                "-ext",
                "SAN=dns:" + HOST,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    if (made.waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
