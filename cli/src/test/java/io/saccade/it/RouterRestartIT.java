package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.proto.v1.Window;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import io.saccade.router.streams.QuestionRouter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Routers that are killed while questions wait in them, seen from a test that plays sampler and
 * worker: another router goes on from the changelogs, or from the copy that it kept.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RouterRestartIT extends BusIT {

  private static final SamplingProfile PROFILE = Demo.profile(1, 56, 1);
  private static final String GROUP = "question-router";
  private static final String SESSION = "0123456789abcdef".repeat(2);

  private final Set<String> inferred = new HashSet<>();

  @BeforeEach
  void announceModel() {
    client.send(Topics.MODELS, ModelCard.newBuilder().setName("m").setProfile(PROFILE).build());
  }

  @Test
  void aRouterThatLostItsFolderGoesOnFromTheChangelogs() throws Exception {
    RoleProcess killed = role("lost-router", "router", "--data=" + dir.resolve("lost-router"));
    VideoReference parkedVideo = file("parked");
    VideoReference requestedVideo = file("requested");
    VideoReference feed = live("feed");
    client.send(Topics.STANDING_QUESTIONS, standing(feed));
    List<String> asked = new ArrayList<>();
    asked.add(ask(parkedVideo, "parked-1"));
    asked.add(ask(parkedVideo, "parked-2"));
    asked.add(ask(requestedVideo, "requested"));
    patiently().until(() -> client.readAll(Topics.SAMPLING_REQUESTS).size() == 2);
    sampled(requestedVideo);
    // The second window waits for the first, which no worker answers yet.
    asked.add("s#" + window(feed, 0));
    patiently().until(() -> client.readAll(Topics.INFERENCE_REQUESTS).size() == 2);
    asked.add("s#" + window(feed, 1));
    client.send(Topics.RESULTS, "x", new byte[] {1}); // a dead letter: all before it was committed
    patiently().until(() -> !client.readAll(Topics.DEAD_LETTERS).isEmpty());

    killed.kill();
    Utils.delete(dir.resolve("lost-router").toFile());
    QuestionRouter next = router("next", 0);
    patiently().until(() -> next.counters().get(RouterEvent.RESTORED) > 0 && next.isReady());
    sampled(parkedVideo);
    answerAll(asked);

    List<Answer> answers = client.await(asked);
    assertThat(answers).extracting(Answer::getStatus).containsOnly(AnswerStatus.OK);
    assertThat(answers)
        .allSatisfy(
            answer -> assertThat(answer.getText()).isEqualTo("to " + answer.getQuestionId()));
    client.requireOneAnswerEach();
    assertThat(client.readAll(Topics.SAMPLING_REQUESTS)).as("sampled once each").hasSize(2);
  }

  @Test
  void aStandbyTakesOverWithoutReadingTheChangelogsAgain() throws Exception {
    // All partitions stay where they are: the copy is of everything, and no part of it is active.
    RoleProcess killed =
        role(
            "active-router",
            "router",
            "--data=" + dir.resolve("active-router"),
            "--standby-replicas=1",
            "--kafka=acceptable.recovery.lag=0");
    List<String> asked = new ArrayList<>();
    List<VideoReference> videos = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      videos.add(file("video-" + i));
    }
    for (int i = 0; i < 400; i++) {
      asked.add(ask(videos.get(i % videos.size()), "q" + i));
    }
    patiently().until(() -> questionsRead() == asked.size());
    QuestionRouter standby = router("standby", 1);
    patiently().until(standby::isReady);
    patiently()
        .ignoreExceptionsInstanceOf(JMException.class)
        .untilAsserted(() -> assertThat(copied()).containsAllEntriesOf(changelogs()));
    assertThat(recordsCopied()).as("records copied").isGreaterThan(asked.size());
    long before = standby.counters().get(RouterEvent.RESTORED);

    killed.kill();
    videos.forEach(this::sampled);
    answerAll(asked);

    List<Answer> answers = client.await(asked);
    assertThat(answers).extracting(Answer::getStatus).containsOnly(AnswerStatus.OK);
    client.requireOneAnswerEach();
    assertThat(standby.counters().get(RouterEvent.RESTORED) - before)
        .as("records restored")
        .isLessThan(asked.size() / 10);
  }

  /** Questions that a router has read, with everything that follows from them. */
  private long questionsRead() throws Exception {
    return Bus.committed(bus, GROUP).entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(bus.name(Topics.QUESTIONS)))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Where the changelogs end, but for those without a record. */
  private Map<String, Long> changelogs() {
    try (KafkaConsumer<String, byte[]> consumer =
        BusConfig.openConsumer(bus.consumer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.listTopics().values().stream()
              .flatMap(List::stream)
              .filter(info -> info.topic().startsWith(bus.topicPrefix() + GROUP + "-"))
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      Map<String, Long> ends = new HashMap<>();
      consumer
          .endOffsets(all)
          .forEach((at, end) -> ends.put(partition(at.topic(), at.partition()), end));
      ends.values().removeIf(end -> end == 0);
      return ends;
    }
  }

  /** How far the changelogs are read by this process; they begin at 0. */
  private static Map<String, Long> copied() throws JMException {
    Map<String, Long> copied = new HashMap<>();
    restoring(",topic=*,partition=*", "records-lead")
        .forEach(
            (of, lead) ->
                copied.put(
                    partition(of.getKeyProperty("topic"), of.getKeyProperty("partition")),
                    lead.longValue()));
    return copied;
  }

  /** Records that this process has read from changelogs. */
  private static double recordsCopied() throws JMException {
    return restoring("", "records-consumed-total").values().stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** What the consumers of changelogs in this process say of a metric with these labels. */
  private static Map<ObjectName, Double> restoring(String labels, String metric)
      throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    String fetching = "kafka.consumer:type=consumer-fetch-manager-metrics";
    Map<ObjectName, Double> values = new HashMap<>();
    for (ObjectName name :
        server.queryNames(
            new ObjectName(fetching + ",client-id=*restore-consumer" + labels), null)) {
      values.put(name, (Double) server.getAttribute(name, metric));
    }
    return values;
  }

  /** A partition as Kafka's metrics name it. */
  private static String partition(String topic, Object number) {
    return topic.replace('.', '_') + "-" + number;
  }

  private VideoReference file(String id) {
    VideoReference video =
        VideoReference.newBuilder().setVideoId(id).setUri("file:///" + id).build();
    client.send(Topics.VIDEOS, video);
    return video;
  }

  private VideoReference live(String id) {
    VideoReference video =
        VideoReference.newBuilder()
            .setVideoId(id)
            .setUri("file:///" + id)
            .setKind(VideoKind.VIDEO_KIND_LIVE)
            .build();
    client.send(Topics.VIDEOS, video);
    return video;
  }

  private static StandingQuestion standing(VideoReference feed) {
    return StandingQuestion.newBuilder()
        .setQuestionId("s")
        .setVideoId(feed.getVideoId())
        .setText("What?")
        .setFreshness(Times.proto(Duration.ofHours(1)))
        .build();
  }

  private String ask(VideoReference video, String id) {
    Question question = Demo.question(video, "What?", "m").toBuilder().setQuestionId(id).build();
    client.send(Topics.QUESTIONS, question);
    return id;
  }

  /** Says that the clip is sampled that was asked for of a video. */
  private void sampled(VideoReference video) {
    SamplingRequest request =
        client.readAll(Topics.SAMPLING_REQUESTS).stream()
            .filter(asked -> asked.getVideoId().equals(video.getVideoId()))
            .findFirst()
            .orElseThrow();
    client.send(
        Topics.CLIPS,
        manifest(video).setClipId(request.getClipId()).setAttempt(request.getAttempt()).build());
  }

  /** Publishes a window that has just ended and says its clip id. */
  private String window(VideoReference feed, int number) {
    String clipId = "%032x".formatted(number);
    Instant end = Instant.now();
    Window window =
        Window.newBuilder()
            .setSession(SESSION)
            .setNumber(number)
            .setBegin(Times.proto(end.minusSeconds(1)))
            .setEnd(Times.proto(end))
            .build();
    client.send(Topics.CLIPS, manifest(feed).setClipId(clipId).setWindow(window).build());
    return clipId;
  }

  private static ClipManifest.Builder manifest(VideoReference video) {
    return ClipManifest.newBuilder()
        .setVideoId(video.getVideoId())
        .setAttempt(1)
        .setProfile(PROFILE)
        .addFrames(FrameEntry.newBuilder().setOffset(1));
  }

  /** Answers what is asked of workers, until every one of these questions was. */
  private void answerAll(List<String> asked) {
    patiently()
        .until(
            () -> {
              for (InferenceRequest request : client.readAll(Topics.INFERENCE_REQUESTS)) {
                if (inferred.add(request.getQuestion().getQuestionId())) {
                  client.send(Topics.RESULTS, result(request));
                }
              }
              return inferred.containsAll(asked);
            });
  }

  private static Result result(InferenceRequest request) {
    return Result.newBuilder()
        .setQuestionId(request.getQuestion().getQuestionId())
        .setVideoId(request.getQuestion().getVideoId())
        .setClipId(request.getClip().getClipId())
        .setAttempt(request.getAttempt())
        .setText("to " + request.getQuestion().getQuestionId())
        .build();
  }

  private QuestionRouter router(String name, int standbys) {
    RouterConfig config =
        new RouterConfig(
            bus,
            dir.resolve(name),
            RouterLimits.DEFAULT,
            RequestLimits.DEFAULT,
            Duration.ofMillis(10),
            1,
            standbys,
            Duration.ofSeconds(10));
    return parts.start(new QuestionRouter(config));
  }
}
