package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.cli.local.ExitCode;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Json;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Times;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.DecodeMode;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to a broker, against a real one. */
class BusCommandsTest {

  @TempDir private static Path dir;

  private static EmbeddedBroker broker;
  private static BusConfig bus;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0));
    bus = BusConfig.of(broker.bootstrapServers());
    assertThat(run("topics", "create").code()).isZero();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void creatingTopicsTwiceKeepsThem() {
    Outcome first = run("topics", "create", "--topic-prefix", "twice.", "--json");
    Outcome again = run("topics", "create", "--topic-prefix", "twice.", "--json");

    assertThat(first.lines()).hasSize(Topics.ALL.size()).allMatch(l -> l.contains("\"CREATED\""));
    assertThat(again.lines())
        .hasSize(Topics.ALL.size())
        .allMatch(line -> line.contains("\"KEPT\"") && line.contains("\"differing\":{}"));
    assertThat(again.out())
        .contains("{\"topic\":\"twice.videos\",\"status\":\"KEPT\",\"partitions\":4");
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() {
    Outcome refused = run("topics", "create", "--partitions", "5");

    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("partitions=5", "saccade.videos has 4").hasLineCount(1);
  }

  @Test
  void otherSettingsAreShown() {
    Outcome kept = run("topics", "create", "--frames-retention", "1GiB");

    assertThat(kept.lines())
        .anySatisfy(
            line -> assertThat(line).contains("saccade.frames", "retention.bytes=2147483648"));
  }

  @Test
  void missingTopicsAreNamedAtOnce() {
    Outcome list = run("topics", "list", "--topic-prefix", "none.");
    assertThat(list.lines()).allMatch(line -> line.startsWith("missing"));

    Outcome video = run("ingest", "video", "v.mp4", "--topic-prefix", "none.");
    assertThat(video.code()).isEqualTo(ExitCode.FAILED);
    assertThat(video.err()).contains("no topic none.videos", "topics create").hasLineCount(1);
  }

  @Test
  void aVideoArrivesAsPrinted() {
    String name = "percent %03d é [x].mp4";
    Outcome printed =
        run("ingest", "video", name, "--from", "12s", "--to", "1m30s", "--label", "a=b", "--json");

    VideoReference video = Json.parse(printed.out(), VideoReference.newBuilder()).build();
    assertThat(video.getUri()).isEqualTo(VideoUri.of(name)).startsWith("file:/");
    assertThat(video.getVideoId()).isEqualTo(VideoUri.idOf(video.getUri()));
    assertThat(video.getRange().getFrom().getSeconds()).isEqualTo(12);
    assertThat(video.getRange().getTo().getSeconds()).isEqualTo(90);
    assertThat(video.getLabelsMap()).containsOnly(Map.entry("a", "b"));
    assertThat(all(Topics.VIDEOS)).contains(video);
  }

  @Test
  void aFeedArrivesAsAskedForAndIsForgotten() {
    Outcome printed =
        run(
            "ingest",
            "video",
            "rtsp://user:secret@camera/1",
            "--live",
            "--window=8s",
            "--hop=500ms",
            "--id=feed-to-forget",
            "--label=site=gate-3");

    assertThat(printed.out()).contains("rtsp://camera/1").doesNotContain("secret");
    VideoReference.Builder feed =
        VideoReference.newBuilder()
            .setVideoId("feed-to-forget")
            .setUri("rtsp://user:secret@camera/1")
            .setKind(VideoKind.VIDEO_KIND_LIVE)
            .putLabels("site", "gate-3");
    feed.getLiveBuilder()
        .setWindow(Times.proto(Duration.ofSeconds(8)))
        .setHop(Times.proto(Duration.ofMillis(500)));
    assertThat(all(Topics.VIDEOS)).contains(feed.build());

    assertThat(run("ingest", "forget", "feed-to-forget").out())
        .matches("forgot feed-to-forget at saccade.videos-\\d@\\d+\n");
    assertThat(records(Topics.VIDEOS))
        .filteredOn(record -> record.value() == null)
        .extracting(ConsumerRecord::key)
        .containsExactly("feed-to-forget");
    assertThat(run("ingest", "forget", "feed-to-forget", "--json").out())
        .isEqualTo("{\"videoId\":\"feed-to-forget\"}\n");
  }

  @Test
  void aFeedOutsideTheContractIsRefused() {
    assertThat(run("ingest", "video", "rtsp://camera/1").err()).contains("--live").hasLineCount(1);
    assertThat(run("ingest", "video", "v.mp4", "--speed=2").err()).contains("live videos only");
    Outcome refused =
        run("ingest", "video", "udp://a:1", "--live", "--speed=2", "--window=1h", "--from=1s");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("a live video has none", "files only", "window=PT1H")
        .hasLineCount(1);
  }

  @Test
  void theLastStateOfEachFeedIsPrinted() {
    try (ContractProducer producer = new ContractProducer(bus)) {
      producer.send(Topics.FEED_STATUS, "b", status("b", FeedState.CONNECTING)).join();
      producer.send(Topics.FEED_STATUS, "b", status("b", FeedState.LIVE)).join();
      producer.send(Topics.FEED_STATUS, "a", status("a", FeedState.LOST)).join();
    }

    Outcome lines = run("feeds");
    assertThat(lines.lines()).hasSize(2);
    assertThat(lines.lines().get(0)).contains("a  LOST", "the source is gone");
    assertThat(lines.lines().get(1)).contains("b  LIVE");
    assertThat(run("feeds", "--json").lines())
        .map(line -> Json.parse(line, FeedStatus.newBuilder()).getVideoId())
        .containsExactly("a", "b");
  }

  @Test
  void feedsAreFollowedAsTheyChange() {
    String prefix = "--topic-prefix=follow.";
    assertThat(run("topics", "create", prefix).code()).isZero();
    BusConfig other = new BusConfig(broker.bootstrapServers(), "follow.", Map.of());
    Deque<FeedState> next = new ArrayDeque<>(List.of(FeedState.LIVE, FeedState.LOST));
    try (ContractProducer producer = new ContractProducer(other)) {
      producer.send(Topics.FEED_STATUS, "a", status("a", FeedState.CONNECTING)).join();
      StringWriter out =
          new StringWriter() {
            /** After each line comes the next change; after the last one the command is ended. */
            @Override
            public void flush() {
              producer.send(Topics.FEED_STATUS, "a", status("a", next.remove())).join();
            }
          };

      int code = run(new PrintWriter(out), "feeds", "--follow", "--json", prefix);

      assertThat(code).isEqualTo(ExitCode.FAILED);
      assertThat(out.toString().lines())
          .map(line -> Json.parse(line, FeedStatus.newBuilder()).getState())
          .containsExactly(FeedState.CONNECTING, FeedState.LIVE, FeedState.LOST);
    }
  }

  @Test
  void aRolesAccessListIsPrintedForKafkasOwnTool() {
    Outcome worker = run("topics", "acls", "--role=worker", "--user=w", "--topic-prefix=site.");
    assertThat(worker.code()).isZero();
    assertThat(worker.lines())
        .contains(
            "--allow-principal User:w --operation read --topic site.inference-requests"
                + " --resource-pattern-type literal",
            "--allow-principal User:w --operation read --group site.inference-worker"
                + " --resource-pattern-type prefixed");
    assertThat(run("topics", "acls", "--role=worker", "--json").lines())
        .contains(
            "{\"principal\":\"User:worker\",\"operation\":\"WRITE\",\"resource\":\"TOPIC\","
                + "\"name\":\"saccade.results\",\"prefixed\":false}");
    assertThat(run("topics", "acls", "--role=topics", "--topic-prefix=").lines())
        .contains(
            "--allow-principal User:topics --operation create --topic '*'"
                + " --resource-pattern-type literal");
  }

  @Test
  void anAccessListThatTheBrokerRefusesIsOneLine() {
    Outcome refused = run("topics", "acls", "--role=worker", "--apply");

    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("Kafka says: No Authorizer").hasLineCount(1);
  }

  private static FeedStatus status(String id, FeedState state) {
    FeedStatus.Builder status = FeedStatus.newBuilder().setVideoId(id).setState(state);
    if (state == FeedState.LOST) {
      status.getReasonBuilder().setMessage("the source is gone");
    }
    return status.build();
  }

  @Test
  void aVideoOutsideTheContractIsRefused() {
    Outcome refused =
        run("ingest", "video", "v.mp4", "--id", "x".repeat(201), "--from", "2", "--to", "1");

    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("video-id=201 characters", "to=PT1S").hasLineCount(1);
  }

  @Test
  void aQuestionArrivesAsPrintedEvenWhenEmpty() {
    Outcome printed =
        run(
            "ingest",
            "question",
            "--video",
            "v",
            "--id",
            "q-empty",
            "--frames",
            "8",
            "--max-tokens",
            "9",
            "--decode-mode",
            "all-text",
            "--temperature=0.5",
            "--top-p=0.25",
            "--top-k=3",
            "--repetition-penalty=1.5",
            "--seed=-7",
            "--stop=.",
            "--stop=,",
            "--timeout",
            "60s",
            "--json",
            "");

    Question question = Json.parse(printed.out(), Question.newBuilder()).build();
    assertThat(question.getQuestionId()).isEqualTo("q-empty");
    assertThat(question.getText()).isEmpty();
    assertThat(question.getFrames()).isEqualTo(8);
    assertThat(question.getOptions())
        .isEqualTo(
            GenerationOptions.newBuilder()
                .setMaxNewTokens(9)
                .setDecodeMode(DecodeMode.ALL_TEXT)
                .setTemperature(0.5f)
                .setTopP(0.25f)
                .setTopK(3)
                .setRepetitionPenalty(1.5f)
                .setSeed(-7)
                .addStop(".")
                .addStop(",")
                .build());
    assertThat(question.hasDeadline()).isTrue();
    assertThat(all(Topics.QUESTIONS)).contains(question);
  }

  @Test
  void aQuestionBeyondTheRecordLimitIsRefusedBeforeItIsSent() {
    Outcome refused = run("ingest", "question", "--video", "v", "x".repeat(1 << 20));

    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("too large", "max.request.size").hasLineCount(1);
  }

  @Test
  void onlyCommittedAnswersAreRead() {
    Answer ok = answer("q-ok").setStatus(AnswerStatus.OK).setText("a red\ncar").build();
    Answer failed =
        answer("q-failed")
            .setStatus(AnswerStatus.FAILED)
            .setFailure(
                Failure.newBuilder().setCode(FailureCode.VIDEO_UNKNOWN).setMessage("ingest it"))
            .build();
    writeAborted(answer("q-aborted").build());
    writeCommitted(ok, failed);

    Outcome all = run("answers");
    assertThat(all.code()).isZero();
    assertThat(all.out())
        .contains("q-ok", "a red car", "FAILED VIDEO_UNKNOWN: ingest it")
        .doesNotContain("q-aborted");
    Outcome one = run("answers", "--question", "q-ok", "--follow", "--json");
    assertThat(one.code()).isZero();
    assertThat(Json.parse(one.out(), Answer.newBuilder()).build()).isEqualTo(ok);
    assertThat(run("answers", "--question", "q-failed").code()).isEqualTo(ExitCode.FAILED);
    Outcome none = run("answers", "--question", "q-aborted");
    assertThat(none.code()).isEqualTo(ExitCode.FAILED);
    assertThat(none.err()).isEqualTo("saccade: no answer yet to q-aborted\n");
  }

  private static Answer.Builder answer(String question) {
    return Answer.newBuilder().setQuestionId(question).setVideoId("v");
  }

  private static void writeCommitted(Answer... answers) {
    try (KafkaProducer<String, Answer> producer = transactional()) {
      write(producer, answers);
      producer.commitTransaction();
    }
  }

  private static void writeAborted(Answer... answers) {
    try (KafkaProducer<String, Answer> producer = transactional()) {
      write(producer, answers);
      producer.flush();
      producer.abortTransaction();
    }
  }

  private static KafkaProducer<String, Answer> transactional() {
    Map<String, Object> settings = bus.producer();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test");
    return new KafkaProducer<>(settings, new StringSerializer(), ProtoSerdes.<Answer>serializer());
  }

  private static void write(KafkaProducer<String, Answer> producer, Answer... answers) {
    producer.initTransactions();
    producer.beginTransaction();
    for (Answer answer : answers) {
      var unused =
          producer.send(
              new ProducerRecord<>(bus.name(Topics.ANSWERS), answer.getVideoId(), answer));
    }
  }

  private static <V extends MessageLite> List<V> all(Topic<V> topic) {
    return records(topic).stream()
        .filter(record -> record.value() != null)
        .map(record -> ((Parsed.Valid<V>) record.value()).message())
        .toList();
  }

  private static <V extends MessageLite> List<ConsumerRecord<String, Parsed<V>>> records(
      Topic<V> topic) {
    List<ConsumerRecord<String, Parsed<V>>> all = new ArrayList<>();
    try (KafkaConsumer<String, Parsed<V>> consumer =
        BusConfig.openConsumer(bus.consumer(), ProtoSerdes.deserializer(topic))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(bus.name(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    return all;
  }

  private static Outcome run(String... args) {
    return Outcome.of(onBroker(args));
  }

  private static int run(PrintWriter out, String... args) {
    return Main.run(onBroker(args), Map.of(), out, new PrintWriter(new StringWriter()));
  }

  private static String[] onBroker(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    return all.toArray(String[]::new);
  }
}
