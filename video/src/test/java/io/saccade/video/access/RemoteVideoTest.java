package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.saccade.video.CollectingSink;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoLimits;
import io.saccade.video.WebServer;
import io.saccade.video.sampling.VideoSampler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Downloads from well-behaved and misbehaving web servers. Every name resolves to this machine,
 * whose network is allowed for that. After each test, no download may be left.
 */
@Timeout(60)
class RemoteVideoTest {
  private static final String HOST = "videos.example.com";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir Path folder;
  private Path downloads;
  private WebServer server;

  @BeforeEach
  void startServer() throws IOException {
    downloads = Files.createDirectory(folder.resolve("downloads")).toRealPath();
    server = WebServer.http();
  }

  @AfterEach
  void nothingIsLeft() {
    server.close();
    assertThat(downloads).isEmptyDirectory();
  }

  @Test
  void aVideoIsFetchedAndSampled() throws Exception {
    byte[] clip = Files.readAllBytes(TestClip.of(20).write(folder.resolve("clip.mp4")));
    server.page("/a.mp4", WebServer.bytes(clip));
    SampleSpec spec = SampleSpec.uniform(4, 64, ResizeRule.SQUASH);
    CollectingSink sink = new CollectingSink();

    try (OpenedVideo video = access().open(server.uri(HOST, "/a.mp4"), () -> false)) {
      assertThat(Files.readAllBytes(video.file().path())).isEqualTo(clip);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(video.file().path())))
          .isEqualTo("rw-------");
      SourceFacts facts =
          new VideoSampler(VideoLimits.defaults()).sample(video.file(), spec, sink, () -> false);
      assertThat(facts.frameCount()).isEqualTo(20);
    }

    assertThat(sink.frames()).extracting(TestClip::numberShown).containsExactly(0, 6, 12, 19);
    assertThat(server.requests()).containsExactly("/a.mp4 " + HOST + ":" + server.port());
  }

  @Test
  void aBodyThatIsNotAVideoIsUnreadable() throws Exception {
    server.page(
        "/a.mp4", WebServer.bytes("secret words\n".repeat(99).getBytes(StandardCharsets.UTF_8)));

    try (OpenedVideo video = access().open(server.uri(HOST, "/a.mp4"), () -> false)) {
      VideoSampler sampler = new VideoSampler(VideoLimits.defaults());
      SampleSpec spec = SampleSpec.uniform(4, 64, ResizeRule.SQUASH);
      assertThatThrownBy(
              () -> sampler.sample(video.file(), spec, new CollectingSink(), () -> false))
          .isInstanceOf(VideoException.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aNameIsResolvedOnceAndCannotMeanAnotherAddressLater() throws Exception {
    server.page("/a.mp4", WebServer.bytes(new byte[10]));
    AtomicInteger asked = new AtomicInteger();
    VideoAccess access =
        access(
            limits(1000, LONG, LONG),
            host ->
                new InetAddress[] {
                  asked.getAndIncrement() == 0
                      ? InetAddress.getLoopbackAddress()
                      : InetAddress.getByName("169.254.169.254")
                });

    access.open(server.uri(HOST, "/a.mp4"), () -> false).close();

    assertThat(asked).hasValue(1);
  }

  @Test
  void doesNotConnectToAnAddressThatIsNotAllowed() {
    server.page("/", WebServer.bytes(new byte[10]));
    VideoAccess access =
        access(
            limits(1000, LONG, LONG),
            host ->
                new InetAddress[] {
                  InetAddress.getLoopbackAddress(), InetAddress.getByName("10.1.2.3")
                });

    VideoException refusal = failure(access, server.uri(HOST, "/a.mp4"));

    assertThat(refusal.category()).isEqualTo(Category.REFUSED);
    assertThat(refusal).hasMessageNotContaining("10.1.2.3").hasMessageContaining("--allow-network");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void checksALiveStreamBeforeReportingItAsUnsupported() {
    assertThat(failure(access(), "rtsp://" + HOST + ":" + server.port() + "/1").category())
        .isEqualTo(Category.UNSUPPORTED);
    assertThat(failure(access(), "rtsp://other.example.com/1").category())
        .isEqualTo(Category.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsFollowed(int status) throws Exception {
    server.page("/old", WebServer.redirect(status, "new?x=1#t=10"));
    server.page("/new", WebServer.bytes(new byte[10]));

    try (OpenedVideo video = access().open(server.uri(HOST, "/old"), () -> false)) {
      assertThat(Files.size(video.file().path())).isEqualTo(10);
    }

    String host = HOST + ":" + server.port();
    assertThat(server.requests()).containsExactly("/old " + host, "/new?x=1 " + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://forbidden.example.org/secret-path",
        "http://videos.example.com:1/secret-path",
        "http://127.0.0.1/secret-path",
        "http://metadata.example.com/secret-path",
        "http://user@videos.example.com/secret-path",
        "http://[::1]/secret-path",
        "http://2130706433/secret-path",
        "file:///etc/secret-path",
        "FILE:///etc/secret-path",
        "data:,secret-path",
        "ftp://videos.example.com/secret-path",
        "rtsp://videos.example.com/secret-path",
        "concat:secret-path",
        "ht tp://secret-path"
      })
  void aRedirectIsCheckedLikeAnyReference(String location) {
    server.page("/old", WebServer.redirect(302, location));
    VideoAccess access =
        access(
            limits(1000, LONG, LONG),
            host ->
                new InetAddress[] {
                  host.startsWith("metadata")
                      ? InetAddress.getByName("169.254.169.254")
                      : InetAddress.getLoopbackAddress()
                });

    VideoException refusal = failure(access, server.uri(HOST, "/old"));

    assertThat(refusal.category()).isEqualTo(Category.REFUSED);
    assertThat(server.requests()).hasSize(1);
    assertThat(refusal)
        .hasMessageStartingWith("a redirect was not followed: ")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("169.254")
        .hasMessageNotContaining("metadata");
  }

  @Test
  void fiveRedirectsAreFollowedAndNoMore() throws Exception {
    server.page(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          int left = Integer.parseInt(path.substring(1));
          if (left == 0) {
            WebServer.bytes(new byte[10]).handle(exchange);
          } else {
            WebServer.redirect(302, "/" + (left - 1)).handle(exchange);
          }
        });

    access().open(server.uri(HOST, "/5"), () -> false).close();
    assertThat(server.requests()).hasSize(6);

    VideoException refusal = failure(access(), server.uri(HOST, "/6"));
    assertThat(refusal).hasMessage("the host redirects more than 5 times");
    assertThat(server.requests()).hasSize(12);
  }

  @Test
  void aVideoThatSaysThatItIsTooLargeIsNotFetched() {
    server.page(
        "/a.mp4",
        exchange -> {
          exchange.sendResponseHeaders(200, 1001);
          server.hold();
        });

    assertTooLarge(failure(access(limits(1000, LONG, LONG)), server.uri(HOST, "/a.mp4")));
  }

  @Test
  void aVideoWithoutLengthIsCutOff() {
    server.page(
        "/a.mp4",
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // chunked
          byte[] chunk = new byte[100];
          while (true) { // until the client has gone
            exchange.getResponseBody().write(chunk);
          }
        });

    assertTooLarge(failure(access(limits(1000, LONG, LONG)), server.uri(HOST, "/a.mp4")));
  }

  @Test
  void aVideoOfExactlyTheLimitIsFetched() throws Exception {
    server.page("/a.mp4", WebServer.bytes(new byte[1000]));

    access(limits(1000, LONG, LONG)).open(server.uri(HOST, "/a.mp4"), () -> false).close();
  }

  private static void assertTooLarge(VideoException refusal) {
    assertThat(refusal.category()).isEqualTo(Category.REFUSED);
    assertThat(refusal).hasMessageContaining("larger than the 1000 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 206, 300, 304, 400, 401, 403, 404, 407, 416, 429, 500, 503})
  void everyOtherStatusIsUnreadable(int status) {
    server.page("/a.mp4", WebServer.status(status));

    VideoException failure = failure(access(), server.uri(HOST, "/a.mp4"));

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageContaining("status " + status);
    assertThat(server.requests()).hasSize(1); // tried once, nothing answered to a challenge
  }

  @Test
  void aCompressedVideoIsNotDecompressed() {
    server.page(
        "/a.mp4",
        exchange -> {
          assertThat(exchange.getRequestHeaders().get("Accept-Encoding"))
              .containsExactly("identity");
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          WebServer.bytes(new byte[10]).handle(exchange);
        });

    VideoException failure = failure(access(), server.uri(HOST, "/a.mp4"));

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageContaining("encoding");
  }

  @Test
  void sendsNoCookiesAndNoCredentials() throws Exception {
    List<String> sent = new ArrayList<>();
    server.page(
        "/old",
        exchange -> {
          exchange.getResponseHeaders().add("Set-Cookie", "id=1; Path=/");
          WebServer.redirect(302, "/a.mp4").handle(exchange);
        });
    server.page(
        "/a.mp4",
        exchange -> {
          sent.addAll(exchange.getRequestHeaders().keySet());
          WebServer.bytes(new byte[10]).handle(exchange);
        });

    access().open(server.uri(HOST, "/old"), () -> false).close();

    assertThat(sent)
        .containsExactlyInAnyOrder("Host", "User-agent", "Accept-encoding", "Connection");
  }

  @Test
  void aHostThatStallsIsLeft() {
    server.page("/a.mp4", server::stall);

    VideoException failure = failure(access(limits(1000, LONG, SHORT)), server.uri(HOST, "/a.mp4"));

    assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
    assertThat(failure).hasMessageContaining("sent nothing for PT0.1S");
  }

  @Test
  void aHostThatNeverEndsIsLeft() {
    server.page("/a.mp4", server::stall);

    VideoException failure = failure(access(limits(1000, SHORT, LONG)), server.uri(HOST, "/a.mp4"));

    assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
    assertThat(failure).hasMessageContaining("longer than PT0.1S");
  }

  @Test
  void aDownloadCanBeCancelled() {
    AtomicBoolean underWay = new AtomicBoolean();
    server.page(
        "/a.mp4",
        exchange -> {
          underWay.set(true);
          server.stall(exchange);
        });

    VideoException failure = failure(access(), server.uri(HOST, "/a.mp4"), underWay::get);

    assertThat(failure.category()).isEqualTo(Category.CANCELLED);
  }

  @Test
  void anInterruptCancelsAndStays() {
    server.page("/a.mp4", server::stall);

    Thread.currentThread().interrupt();
    VideoException failure = failure(access(), server.uri(HOST, "/a.mp4"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.category()).isEqualTo(Category.CANCELLED);
  }

  @Test
  void aSlowNameServerDoesNotHoldACancelledDownload() {
    AtomicBoolean asked = new AtomicBoolean();
    VideoAccess access =
        access(
            limits(1000, LONG, LONG),
            host -> {
              asked.set(true);
              server.hold();
              return new InetAddress[] {InetAddress.getLoopbackAddress()};
            });

    VideoException failure = failure(access, server.uri(HOST, "/a.mp4"), asked::get);

    assertThat(failure.category()).isEqualTo(Category.CANCELLED);
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void disconnectsFromASilentHost(String scheme) throws Exception {
    AtomicBoolean underWay = new AtomicBoolean();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Boolean> hungUp =
          CompletableFuture.supplyAsync(() -> awaitHangUp(silent, underWay));

      VideoException failure =
          failure(
              access(allowing(silent.getLocalPort()), limits(1000, LONG, LONG)),
              scheme + "://" + HOST + ":" + silent.getLocalPort() + "/",
              underWay::get);

      assertThat(failure.category()).isEqualTo(Category.CANCELLED);
      assertThat(hungUp.join()).isTrue(); // the connection does not outlive the download
    }
  }

  private static boolean awaitHangUp(ServerSocket silent, AtomicBoolean underWay) {
    try (Socket client = silent.accept()) {
      int first = client.getInputStream().read();
      underWay.set(true);
      while (first >= 0) {
        first = client.getInputStream().read();
      }
      return true;
    } catch (IOException e) {
      return true; // reset
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfewer",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx",
        "HTTP/1.1 302 Found\r\n\r\n",
        "HTTP/1.1 999 What\r\n\r\n"
      })
  void aMalformedResponseIsUnreadable(String response) throws Exception {
    assertUnreadable(rawAnswer("http", response.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void headersWithoutEndAreUnreadable() throws Exception {
    String status = "HTTP/1.1 200 OK\r\n";
    String header = "X-Header: " + "x".repeat(100) + "\r\n";
    assertUnreadable(
        rawAnswer("http", (status + header.repeat(2000)).getBytes(StandardCharsets.US_ASCII)));
    assertUnreadable(
        rawAnswer(
            "http", (status + "X: " + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aHostWithoutTlsIsUnreadable() throws Exception {
    byte[] response = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    VideoException failure = rawAnswer("https", response);
    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageContaining("no trusted TLS connection");
  }

  private static void assertUnreadable(VideoException failure) {
    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageStartingWith("the host ").hasMessageNotContaining("127.0.0.1");
  }

  private VideoException rawAnswer(String scheme, byte[] response) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket client = socket.accept()) {
                  int unused = client.getInputStream().read(new byte[4096]);
                  client.getOutputStream().write(response);
                } catch (IOException e) {
                  // the client closed the connection
                }
              });
      VideoException failure =
          failure(
              access(allowing(socket.getLocalPort()), limits(1000, LONG, LONG)),
              scheme + "://" + HOST + ":" + socket.getLocalPort() + "/");
      answered.join();
      return failure;
    }
  }

  @Test
  void aClosedPortIsUnreadable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    VideoException failure =
        failure(
            access(allowing(port), limits(1000, LONG, LONG)), "http://" + HOST + ":" + port + "/");

    assertUnreadable(failure);
  }

  @Test
  void aMissingDownloadFolderIsAPassingFailure() {
    server.page("/a.mp4", WebServer.bytes(new byte[10]));
    DownloadLimits nowhere = new DownloadLimits(folder.resolve("absent"), 1000, LONG, LONG);

    assertThatThrownBy(() -> access(nowhere).open(server.uri(HOST, "/a.mp4"), () -> false))
        .isInstanceOfSatisfying(VideoException.class, e -> assertThat(e.isPassing()).isTrue());
  }

  private VideoAccess access() {
    return access(limits(1 << 20, LONG, LONG));
  }

  private VideoAccess access(DownloadLimits limits) {
    return access(allowing(server.port()), limits);
  }

  private VideoAccess access(DownloadLimits limits, HostAccess.Resolver resolver) {
    return access(allowing(server.port()), limits, resolver);
  }

  private static VideoAccess access(List<HostRule> hosts, DownloadLimits limits) {
    return access(hosts, limits, host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
  }

  private static VideoAccess access(
      List<HostRule> hosts, DownloadLimits limits, HostAccess.Resolver resolver) {
    List<AddressBlock> loopback =
        List.of(AddressBlock.parse("127.0.0.0/8"), AddressBlock.parse("::1"));
    return new VideoAccess(
        new AccessConfig(List.of(), hosts, loopback, limits), resolver, HttpConnection.TRUSTED);
  }

  private static List<HostRule> allowing(int port) {
    return Stream.of(HOST + ":" + port, HOST, "metadata.example.com").map(HostRule::parse).toList();
  }

  private DownloadLimits limits(long maxBytes, Duration maxTime, Duration idleTime) {
    return new DownloadLimits(downloads, maxBytes, maxTime, idleTime);
  }

  private static VideoException failure(VideoAccess access, String reference) {
    return failure(access, reference, () -> false);
  }

  private static VideoException failure(
      VideoAccess access, String reference, BooleanSupplier cancelled) {
    return catchThrowableOfType(
        VideoException.class, () -> access.open(reference, cancelled).close());
  }
}
