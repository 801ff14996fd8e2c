package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManagementServerTest {

  private final RoleHealth roster = new RoleHealth();
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final ManagementServer server =
      ManagementServer.start(new InetSocketAddress("localhost", 0), roster, metrics::scrape);
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  @AfterEach
  void stop() {
    server.close();
    metrics.close();
  }

  @Test
  void isReadyWhenAllRolesAre() throws Exception {
    roster.expect(MetricScope.ROUTER, MetricScope.WORKER);
    assertThat(get("/ready").statusCode()).isEqualTo(503);

    roster.add(MetricScope.ROUTER, () -> Health.ready("running"));
    HttpResponse<String> loading = get("/ready");
    assertThat(loading.statusCode()).isEqualTo(503);
    assertThat(loading.body())
        .isEqualTo(
            "{\"ok\":false,\"roles\":{\"router\":{\"state\":\"READY\",\"detail\":\"running\"},"
                + "\"worker\":{\"state\":\"STARTING\",\"detail\":\"not started\"}}}");

    roster.add(MetricScope.WORKER, () -> Health.ready("model m"));
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/ready").headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void isLiveUntilARoleHasFailed() throws Exception {
    AtomicReference<Health> health = new AtomicReference<>(Health.starting("restores"));
    roster.add(MetricScope.ROUTER, health::get);
    assertThat(get("/live").statusCode()).isEqualTo(200);

    health.set(Health.failed(new IllegalStateException("no \"disk\"")));
    HttpResponse<String> failed = get("/live");
    assertThat(failed.statusCode()).isEqualTo(503);
    JsonObject role =
        JsonParser.parseString(failed.body())
            .getAsJsonObject()
            .getAsJsonObject("roles")
            .getAsJsonObject("router");
    assertThat(role.get("state").getAsString()).isEqualTo("FAILED");
    assertThat(role.get("detail").getAsString()).contains("no \"disk\"");
  }

  @Test
  void tellsPrometheusWhatIsMeasured() throws Exception {
    Telemetry telemetry = new Telemetry(metrics.registry(), Tracing.off());
    telemetry.metrics(MetricScope.ROUTER).time(Metric.STAGE, Stage.TOTAL, Duration.ofMillis(40));

    HttpResponse<String> scrape = get("/metrics");

    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(scrape.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(scrape.body())
        .contains("# HELP saccade_router_questions_opened_total Questions taken up")
        .contains("saccade_router_stage_seconds_bucket{stage=\"total\",le=\"0.05\"} 1")
        .contains("saccade_router_stage_seconds_bucket{stage=\"total\",le=\"0.025\"} 0")
        .contains(
            "jvm_memory_used_bytes{", "jvm_threads_live_threads ", "process_files_open_files ")
        .containsPattern("process_resident_memory_bytes [1-9]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics/", "/live/../etc", "/ready%2e", "//live", "/LIVE", "/a?b"})
  void hasNothingElse(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void onlyAnswersQuestions() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/live")).POST(BodyPublishers.ofString("x")).build();
    HttpRequest head =
        HttpRequest.newBuilder(uri("/metrics")).method("HEAD", BodyPublishers.noBody()).build();

    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    assertThat(client.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void doesNotReadLargeRequests() throws Exception {
    try (Socket socket = connect()) {
      String header = "X: " + "x".repeat(20_000) + "\r\n";
      socket
          .getOutputStream()
          .write(
              ("GET /live HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(status).isNotEqualTo("HTTP/1.1 200");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset"); // closed on us before all was written
    }
    assertThat(get("/live").statusCode()).isEqualTo(200);
  }

  @Test
  void answersAgainAfterClientsThatNeverFinish() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 30; i++) {
        Socket socket = connect();
        slow.add(socket);
        socket.getOutputStream().write("GET /live HT".getBytes(StandardCharsets.US_ASCII));
      }
      int status = 0;
      while (status != 200) { // until the first of them are cut off
        try {
          status = get("/live").statusCode();
        } catch (IOException e) {
          assertThat(e).isNotNull(); // turned away
        }
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void severalMayAskAtATime() {
    assertThat(
            IntStream.range(0, 10)
                .mapToObj(i -> client.sendAsync(request("/metrics"), BodyHandlers.ofString()))
                .toList())
        .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void isOnlyReachedFromThisMachine() {
    assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void saysThatAPortIsTaken() {
    assertThatThrownBy(() -> ManagementServer.start(server.address(), roster, () -> ""))
        .isInstanceOf(UncheckedIOException.class);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + server.address().getPort() + path);
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30)).build();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), BodyHandlers.ofString());
  }
}
