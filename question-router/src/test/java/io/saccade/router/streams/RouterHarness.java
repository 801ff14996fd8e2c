package io.saccade.router.streams;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterCounters;
import io.saccade.router.RouterLimits;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The router's topology under a driver, with a clock that the test advances. */
public final class RouterHarness implements AutoCloseable {

  public static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
  static final String PREFIX = "test.";

  final List<DeadLetter> globalDeadLetters = new ArrayList<>();
  final Metrics metrics;
  final RouterCounters counters;
  final TopologyTestDriver driver;
  private Instant now = START;

  RouterHarness(Path stateDir, RouterLimits limits) {
    this(stateDir, limits, RequestLimits.DEFAULT);
  }

  RouterHarness(Path stateDir, RouterLimits limits, RequestLimits requests) {
    this(stateDir, limits, requests, Telemetry.none());
  }

  RouterHarness(Path stateDir, RouterLimits limits, Telemetry telemetry) {
    this(stateDir, limits, RequestLimits.DEFAULT, telemetry);
  }

  private RouterHarness(
      Path stateDir, RouterLimits limits, RequestLimits requests, Telemetry telemetry) {
    this.metrics = telemetry.metrics(MetricScope.ROUTER);
    this.counters = new RouterCounters(metrics);
    BusConfig bus = new BusConfig("unused:1", PREFIX, Map.of());
    RouterConfig defaults = RouterConfig.defaults(bus, stateDir);
    RouterConfig config =
        new RouterConfig(
            bus,
            stateDir,
            limits,
            requests,
            defaults.commitInterval(),
            1,
            0,
            defaults.drainGrace());
    Properties settings = new Properties();
    settings.putAll(StreamsSettings.of(config));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    driver =
        new TopologyTestDriver(
            RouterTopology.topology(config, telemetry, globalDeadLetters::add), settings, START);
  }

  void model(ModelCard card) {
    pipe(Topics.MODELS, card.getName(), card.toByteArray());
  }

  void video(VideoReference video) {
    pipe(Topics.VIDEOS, video.getVideoId(), video.toByteArray());
  }

  void ask(Question question) {
    pipe(Topics.QUESTIONS, question.getVideoId(), question.toByteArray());
  }

  void standing(StandingQuestion question) {
    pipe(Topics.STANDING_QUESTIONS, question.getQuestionId(), question.toByteArray());
  }

  void sampled(ClipManifest manifest) {
    pipe(Topics.CLIPS, manifest.getVideoId(), manifest.toByteArray());
  }

  void inferred(Result result) {
    pipe(Topics.RESULTS, result.getVideoId(), result.toByteArray());
  }

  void pipe(Topic<?> topic, String key, byte[] value) {
    pipe(topic, key, value, new RecordHeaders());
  }

  void pipe(Topic<?> topic, String key, byte[] value, Headers headers) {
    driver
        .createInputTopic(PREFIX + topic.name(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value, headers, now));
  }

  void advance(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  Instant now() {
    return now;
  }

  /** New records of each output, which are removed by reading them. */
  List<SamplingRequest> samplingRequests() {
    return read(Topics.SAMPLING_REQUESTS);
  }

  List<InferenceRequest> inferenceRequests() {
    return read(Topics.INFERENCE_REQUESTS);
  }

  List<Answer> answers() {
    return read(Topics.ANSWERS);
  }

  List<Alert> alerts() {
    return read(Topics.ALERTS);
  }

  List<DeadLetter> deadLetters() {
    return read(Topics.DEAD_LETTERS);
  }

  /** The only new answer. */
  Answer answer() {
    return one(answers());
  }

  SamplingRequest samplingRequest() {
    return one(samplingRequests());
  }

  InferenceRequest inferenceRequest() {
    return one(inferenceRequests());
  }

  <V extends MessageLite> List<TestRecord<String, Parsed<V>>> records(Topic<V> topic) {
    return driver
        .createOutputTopic(
            PREFIX + topic.name(), new StringDeserializer(), ProtoSerdes.deserializer(topic))
        .readRecordsToList();
  }

  /** The number of entries of a store. */
  int size(String store) {
    int size = 0;
    try (var all = driver.getKeyValueStore(store).all()) {
      for (; all.hasNext(); all.next()) {
        size++;
      }
    }
    return size;
  }

  /** The number of entries of a windowed store. */
  int windowedSize(String store) {
    int size = 0;
    try (var all = driver.getWindowStore(store).all()) {
      for (; all.hasNext(); all.next()) {
        size++;
      }
    }
    return size;
  }

  private <V extends MessageLite> List<V> read(Topic<V> topic) {
    return records(topic).stream()
        .map(record -> ((Parsed.Valid<V>) record.value()).message())
        .toList();
  }

  private static <T> T one(List<T> records) {
    if (records.size() != 1) {
      throw new AssertionError("expected one record, not " + records);
    }
    return records.get(0);
  }

  @Override
  public void close() {
    driver.close();
  }
}
