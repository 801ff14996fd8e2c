package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.bus.Role;
import io.saccade.bus.TraceHeaders;
import io.saccade.cli.Main;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.ManagementServer;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.PrometheusMetrics;
import io.saccade.telemetry.RoleHealth;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import io.saccade.video.access.AccessConfig;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a running service from outside: health, metrics, traces. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TelemetryIT {

  private static final String MODEL = "demo";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PRODUCER_SPAN = "b7ad6b7169203331";
  private static final Pattern URL = Pattern.compile("event=management_listening url=(\\S+)");

  @RegisterExtension final Parts parts = new Parts();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final RoleHealth roster = new RoleHealth();
  private final HttpClient http = HttpClient.newHttpClient();
  private Path dir;

  @BeforeEach
  void folder(@TempDir Path folder) {
    dir = folder;
    parts.add(metrics);
  }

  @Test
  void aQuestionIsOneTraceAndEveryMetricIsScraped() throws Exception {
    EmbeddedBroker broker = parts.add(Bus.broker(dir.resolve("broker")));
    BusConfig bus = Bus.create(broker.bootstrapServers(), "seen.", Map.of());
    roster.expect(MetricScope.ROUTER, MetricScope.SAMPLER, MetricScope.WORKER);
    ManagementServer server =
        parts.add(
            ManagementServer.start(new InetSocketAddress("localhost", 0), roster, metrics::scrape));
    String url = "http://localhost:" + server.address().getPort();
    assertThat(get(url + "/ready").statusCode()).isEqualTo(503);
    assertThat(get(url + "/live").statusCode()).isEqualTo(200);

    startRoles(bus);
    awaitReady(url);

    requireOneTrace(bus);
    askUnderScrapes(bus, url);
    requireEveryName(get(url + "/metrics").body());
  }

  private void startRoles(BusConfig bus) {
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();
    parts.add(sdk);
    Telemetry telemetry = new Telemetry(metrics.registry(), new Tracing(sdk));
    start(
        MetricScope.ROUTER,
        new QuestionRouter(RouterConfig.defaults(bus, dir.resolve("router")), telemetry));
    start(
        MetricScope.SAMPLER,
        new FrameSampler(
            SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips()))), telemetry));
    start(
        MetricScope.WORKER,
        new InferenceWorker(WorkerConfig.defaults(bus, "seen"), Demo.engine(MODEL), telemetry));
  }

  private void requireOneTrace(BusConfig bus) throws Exception {
    VideoReference video = Demo.video(0);
    Question question = Demo.question(video, Demo.CAR_COLOUR, MODEL);
    try (PlainClient client = new PlainClient(bus);
        KafkaProducer<String, Question> producer =
            bus.openProducer(ProtoSerdes.<Question>serializer())) {
      client.send(Topics.VIDEOS, video);
      String traceparent = "00-" + TRACE + "-" + PRODUCER_SPAN + "-01";
      producer
          .send(
              new ProducerRecord<>(
                  bus.name(Topics.QUESTIONS),
                  null,
                  video.getVideoId(),
                  question,
                  TraceHeaders.of(traceparent)))
          .get();
      assertThat(client.await(question.getQuestionId()).get(0).getStatus())
          .isEqualTo(AnswerStatus.OK);

      Awaitility.await().atMost(PATIENCE).until(() -> named().containsKey("answer"));
      Map<String, SpanData> named = named();
      assertThat(named.values()).allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(TRACE));
      assertThat(named.get("route").getParentSpanId()).isEqualTo(PRODUCER_SPAN);
      requireBelow("route", "sample", "infer", "answer");
      requireBelow("infer", "transport", "vision", "prefill", "decode");
      requireBelow("sample", "publish");
      assertThat(named.get("infer").getAttributes().get(Tracing.QUESTION_ID))
          .isEqualTo(question.getQuestionId());
      assertThat(TraceHeaders.read(client.records(Topics.ANSWERS).get(0).headers()))
          .isEqualTo("00-" + TRACE + "-" + named.get("answer").getSpanId() + "-01");
    }
  }

  private void requireBelow(String parent, String... children) {
    Map<String, SpanData> named = named();
    for (String child : children) {
      assertThat(named).containsKey(child);
      assertThat(named.get(child).getParentSpanId())
          .as(child + " below " + parent)
          .isEqualTo(named.get(parent).getSpanId());
    }
  }

  /** The last span of each name; both decoding a clip and generating are called decode. */
  private Map<String, SpanData> named() {
    return spans.getFinishedSpanItems().stream()
        .collect(Collectors.toMap(SpanData::getName, Function.identity(), (a, b) -> b));
  }

  private void askUnderScrapes(BusConfig bus, String url) throws Exception {
    try (PlainClient client = new PlainClient(bus)) {
      List<String> asked = new ArrayList<>();
      for (int clip : IntStream.range(0, 4).toArray()) {
        VideoReference video = Demo.video(clip);
        client.send(Topics.VIDEOS, video);
        for (int i = 0; i < 3; i++) {
          Question question = Demo.question(video, Demo.CAR_COLOUR, MODEL);
          client.send(Topics.QUESTIONS, question);
          asked.add(question.getQuestionId());
          assertThat(get(url + "/metrics").statusCode()).isEqualTo(200);
          assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
        }
      }
      assertThat(client.await(asked)).extracting(Answer::getStatus).containsOnly(AnswerStatus.OK);
    }
    String scrape = get(url + "/metrics").body();
    assertThat(scrape)
        .contains("saccade_router_questions_closed_total{status=\"ok\"} 13.0")
        .contains("saccade_router_stage_seconds_count{stage=\"total\"} 13")
        .contains("saccade_sampler_clips_sampled_total 5.0")
        .contains("saccade_ready{role=\"worker\"} 1.0")
        .contains("saccade_worker_clip_misses_total{model=\"demo\"} 5.0");
    assertThat(scrape).as("no time series for each video or question").doesNotContain("clip0");
  }

  private void requireEveryName(String scrape) {
    for (Metric metric : Metric.values()) {
      String name = metric.meter().replace('.', '_');
      assertThat(scrape).containsPattern("(?m)^" + name + "(_bytes|_seconds)?(_total|_count)?[{ ]");
    }
  }

  @Test
  void serveSendsItsTracesAndAnswersOnlyThisMachine() throws Exception {
    ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer collector = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    parts.add(() -> collector.stop(0));
    RoleProcess serve =
        parts.process(
            "telemetry-serve",
            Main.class,
            "serve",
            "--data=" + dir.resolve("data"),
            "--port=0",
            "--model=" + Demo.checkpoint(),
            "--allow-root=" + Demo.clips(),
            "--http-port=0",
            "--otlp-endpoint=http://localhost:" + collector.getAddress().getPort());
    BusConfig bus = BusConfig.of(serve.awaitLineAfter("serving at "));
    String url = url("telemetry-serve");
    awaitReady(url);
    assertThat(get(url + "/ready").body())
        .contains("\"router\":{\"state\":\"READY\"", "\"sampler\":{", "\"worker\":{");
    Optional<InetAddress> own = ownAddress();
    if (own.isPresent()) {
      requireNobodyListens(own.get(), URI.create(url).getPort());
    }

    ask(bus);
    serve.terminate();

    assertThat(serve.exitCode()).isZero();
    assertThat(String.join("", received))
        .contains("saccade-serve", "route", "sample", "infer", "answer", "saccade.question_id");
    assumeThat(own).as("an address besides loopback, to try").isPresent();
  }

  private static void ask(BusConfig bus) {
    try (PlainClient client = new PlainClient(bus)) {
      VideoReference video = Demo.video(1);
      client.send(Topics.VIDEOS, video);
      Question question = Demo.question(video, Demo.CAR_COLOUR, "");
      client.send(Topics.QUESTIONS, question);
      assertThat(client.await(question.getQuestionId()).get(0).getStatus())
          .isEqualTo(AnswerStatus.OK);
    }
  }

  private static String url(String process) throws IOException {
    Path log = RoleProcess.log(process).toPath();
    Matcher found = URL.matcher(Files.readString(log));
    assertThat(found.find()).as("the log says where it listens").isTrue();
    return found.group(1);
  }

  /** An address of this machine that others reach it by, if it has one. */
  private static Optional<InetAddress> ownAddress() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .findFirst();
  }

  private static void requireNobodyListens(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, port), 5_000))
          .isInstanceOf(ConnectException.class);
    }
  }

  private void awaitReady(String url) {
    Awaitility.await("ready").atMost(PATIENCE).until(() -> get(url + "/ready").statusCode() == 200);
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    return http.send(request, BodyHandlers.ofString());
  }

  private void start(MetricScope name, Role role) {
    roster.add(name, role::health);
    parts.start(role);
  }
}
