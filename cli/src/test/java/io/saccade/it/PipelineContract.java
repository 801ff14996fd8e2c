package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Timestamp;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ClipFrame;
import io.saccade.bus.FrameLog;
import io.saccade.bus.FramesExpiredException;
import io.saccade.bus.Role;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.Times;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FinishReason;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.LookedAt;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.Turn;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterLimits;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.Telemetry;
import io.saccade.video.isolation.IsolatedSampler;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole service seen from outside: a router, a sampler and four workers, each with clients of
 * its own, over a real broker. Two workers share the model {@code demo}; the third serves the same
 * checkpoint as {@code other}, so that it reads clips from the log that the first two know already;
 * the fourth serves it as {@code paced}, which is shown two frames a second.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PipelineContract {

  private static final String MODEL = "demo";
  private static final String OTHER_MODEL = "other";
  private static final String PACED_MODEL = "paced";
  private static final String PREFIX = "it.";
  private static final byte[] GARBAGE = {(byte) 0xff, (byte) 0xfe, 0x00, 0x13, 0x37};

  private final Deque<Role> roles = new ArrayDeque<>();
  private Path dir;
  private BusConfig bus;
  private Path allowed;
  private Path downloads;
  private Web web;
  private PlainClient client;

  /** Starts a broker, which {@link #stopBroker} stops, and says where it is. */
  abstract String startBroker(Path folder);

  abstract void stopBroker();

  @BeforeAll
  @Timeout(180)
  void startAll(@TempDir Path folder) throws IOException {
    dir = folder;
    bus = Bus.create(startBroker(dir.resolve("broker")), PREFIX, Map.of());
    allowed = Files.createDirectory(dir.resolve("videos"));
    RouterLimits standard = RouterLimits.DEFAULT;
    RouterLimits impatient =
        new RouterLimits(
            standard.defaultTimeout(),
            standard.longestTimeout(),
            Duration.ofSeconds(1),
            standard.maxQuestionChars(),
            standard.maxOpenQuestions(),
            standard.closedRetention(),
            standard.clipRetention(),
            standard.samplingTimeout());
    start(
        new QuestionRouter(
            new RouterConfig(
                bus,
                dir.resolve("router"),
                impatient,
                RequestLimits.DEFAULT,
                Duration.ofMillis(10),
                1,
                0,
                Duration.ofSeconds(10))));
    downloads = Files.createDirectory(dir.resolve("downloads"));
    web = new Web(downloads);
    SamplerConfig sampler = SamplerConfig.defaults(bus, web.access(Demo.clips(), allowed));
    start(
        new FrameSampler(
            sampler,
            new IsolatedSampler(sampler.limits(), CrashingDecoder.class),
            new ScriptedFeeds(),
            Telemetry.none()));
    start(new InferenceWorker(WorkerConfig.defaults(bus, "first"), Demo.engine(MODEL)));
    start(new InferenceWorker(WorkerConfig.defaults(bus, "second"), Demo.engine(MODEL)));
    start(new InferenceWorker(WorkerConfig.defaults(bus, "third"), Demo.engine(OTHER_MODEL)));
    start(
        new InferenceWorker(
            WorkerConfig.defaults(bus, "fourth"), Demo.engine(PACED_MODEL, SamplingPolicy.FPS, 2)));
    awaitMembers(PREFIX + "inference-worker." + MODEL, 2);
  }

  private void start(Role role) {
    roles.push(role);
    role.start();
  }

  private void awaitMembers(String group, int members) {
    try (Admin admin = BusCheck.connect(bus)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(
              () ->
                  admin
                      .describeConsumerGroups(List.of(group))
                      .describedGroups()
                      .get(group)
                      .get()
                      .members()
                      .stream()
                      .filter(member -> !member.assignment().topicPartitions().isEmpty())
                      .count(),
              count -> count == members);
    }
  }

  @AfterAll
  void stopAll() {
    while (!roles.isEmpty()) {
      roles.pop().close();
    }
    stopBroker();
    web.close();
  }

  @BeforeEach
  void connect() {
    client = new PlainClient(bus);
  }

  @AfterEach
  void nobodyIsAnsweredTwice() {
    client.requireOneAnswerEach();
    client.close();
  }

  @Test
  void aVideoAndAQuestionGiveAnAnswerWithAllThatIsKnownOfIt() {
    VideoReference video = publish(Demo.video(0));
    Question question = ask(video, Demo.CAR_COLOUR);

    Answer answer = answerOf(question);

    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
    assertThat(answer.getText()).isEqualTo("white");
    assertThat(answer.hasFailure()).isFalse();
    assertThat(answer.getFinishReason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.getQuestion()).isEqualTo(Demo.CAR_COLOUR);
    assertThat(answer.getModel()).isEqualTo(MODEL);
    assertThat(answer.getClipId()).matches("[0-9a-f]{32}");
    assertThat(answer.getUsage().getClipCached()).isFalse();
    assertThat(
            List.of(
                answer.getUsage().getPromptTokens(),
                answer.getUsage().getFastTokens(),
                answer.getUsage().getSlowTokens(),
                answer.getUsage().getGeneratedTokens()))
        .allMatch(tokens -> tokens > 0);
    assertThat(answer.getClip().getFrames()).isPositive();
    assertThat(Times.java(answer.getClip().getLast()))
        .isGreaterThan(Times.java(answer.getClip().getFirst()));
    assertThat(answer.getTimings().getAllFields()).as("every stage has a time").hasSize(10);
    assertThat(Times.java(answer.getTimings().getTotal()))
        .isGreaterThanOrEqualTo(Times.java(answer.getTimings().getRouting()));
    assertThat(answer.hasAnsweredAt()).isTrue();
  }

  @Test
  void theSecondQuestionOnAClipNeedsNeitherFramesNorASampling() {
    VideoReference video = publish(Demo.video(1));
    Answer first = answerOf(ask(video, Demo.CAR_COLOUR));
    Answer second = answerOf(ask(video, "Which number does the sign show?"));

    assertThat(List.of(first.getText(), second.getText())).containsExactly("green", "7");
    assertThat(first.getUsage().getClipCached()).isFalse();
    assertThat(second.getUsage().getClipCached()).isTrue();
    assertThat(second.getClipId()).isEqualTo(first.getClipId());
    assertThat(samplings(video)).hasSize(1);
    assertThat(manifests(video)).hasSize(1);
  }

  @Test
  void aRepeatedQuestionIdHasOneAnswer() {
    VideoReference video = publish(Demo.video(2));
    Question question = ask(video, Demo.CAR_COLOUR);
    client.send(Topics.QUESTIONS, question); // while it is open
    answerOf(question);
    client.send(Topics.QUESTIONS, question); // once it is closed
    // Later in the same partition: when it is answered, the repeats have been seen.
    assertThat(answerOf(ask(video, "Is there a dog?")).getText()).isEqualTo("yes");

    client.requireOneAnswerEach();
    assertThat(inferences(question)).hasSize(1);
  }

  @Test
  void severalVideosAndQuestionsAreAnsweredRightByTwoWorkers() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (int clip = 3; clip < 9; clip++) {
      VideoReference video = publish(videoOn(clip % TopicPlan.DEFAULT_PARTITIONS, clip));
      for (JsonElement each : questions(clip)) {
        JsonObject asked = each.getAsJsonObject();
        Question question = ask(video, asked.get("question").getAsString());
        expected.put(question.getQuestionId(), asked.get("answer").getAsString());
      }
    }

    List<Answer> answers = client.await(expected.keySet());

    assertThat(answers).allMatch(answer -> answer.getStatus() == AnswerStatus.OK);
    assertThat(answers).extracting(Answer::getText).containsExactlyElementsOf(expected.values());
    assertThat(client.readAll(Topics.RESULTS))
        .filteredOn(result -> expected.containsKey(result.getQuestionId()))
        .extracting(result -> result.getWorker())
        .contains("first", "second")
        .doesNotContain("third");
  }

  /** So that each of two workers gets some, whatever partitions it has. */
  private static VideoReference videoOn(int partition, int clip) {
    return Stream.generate(() -> Demo.video(clip))
        .filter(
            video -> {
              byte[] key = video.getVideoId().getBytes(StandardCharsets.UTF_8);
              int hash = Utils.toPositive(Utils.murmur2(key));
              return hash % TopicPlan.DEFAULT_PARTITIONS == partition;
            })
        .findFirst()
        .orElseThrow();
  }

  private static Iterable<JsonElement> questions(int clip) throws IOException {
    try (Reader file = Files.newBufferedReader(Demo.clips().resolve("questions.json"))) {
      return JsonParser.parseReader(file)
          .getAsJsonArray()
          .get(clip)
          .getAsJsonObject()
          .getAsJsonArray("questions");
    }
  }

  @Test
  void anAnswersPiecesAreTheAnswerAndItSaysWhereTheModelLooked() {
    VideoReference video = publish(Demo.video(4));
    Question question = ask(video, Demo.CAR_COLOUR);
    Answer answer = answerOf(question);

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(streamed(question)).isEqualTo(answer.getText()));
    assertThat(answer.getText()).isNotBlank();
    assertThat(answer.getLookedAtList())
        .extracting(LookedAt::getPts)
        .isEqualTo(
            manifests(video).get(0).getFramesList().stream().map(FrameEntry::getPts).toList());
    assertThat(answer.getLookedAtList().stream().mapToDouble(LookedAt::getShare).sum())
        .isCloseTo(1, Offset.offset(1e-4));
  }

  private String streamed(Question question) {
    List<AnswerChunk> chunks =
        client.readAll(Topics.ANSWER_CHUNKS).stream()
            .filter(chunk -> chunk.getQuestionId().equals(question.getQuestionId()))
            .toList();
    assertThat(chunks).extracting(AnswerChunk::getSequence).isEqualTo(upTo(chunks.size(), i -> i));
    return chunks.stream().map(AnswerChunk::getText).collect(Collectors.joining());
  }

  @Test
  void anAnswerEndsBeforeAStopString() {
    VideoReference video = publish(Demo.video(0));
    Question question =
        Demo.question(video, Demo.CAR_COLOUR, MODEL).toBuilder()
            .setOptions(GenerationOptions.newBuilder().addStop("none such").addStop("it"))
            .build();
    client.send(Topics.QUESTIONS, question);

    Answer answer = answerOf(question);

    assertThat(answer.getText()).isEqualTo("wh"); // white
    assertThat(answer.getFinishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aConversationMayAskOfSeveralRangesOfAVideo() {
    VideoReference video = publish(Demo.video(3)); // the parcel is dropped in its second half
    String dropped = "Is a parcel dropped?";
    Question first = ranged(video, dropped, 0, 2).build();
    client.send(Topics.QUESTIONS, first);
    Answer one = answerOf(first);
    Question second =
        ranged(video, dropped, 2, 4)
            .addEarlierTurns(
                Turn.newBuilder().setQuestion(first.getText()).setAnswer(one.getText()))
            .build();
    client.send(Topics.QUESTIONS, second);
    Answer two = answerOf(second);

    assertThat(List.of(one.getText(), two.getText())).containsExactly("no", "yes");
    assertThat(two.getClipId()).isNotEqualTo(one.getClipId());
    assertThat(Times.java(one.getClip().getFirst())).isZero();
    assertThat(Times.java(one.getClip().getLast())).isLessThan(Duration.ofSeconds(2));
    assertThat(Times.java(two.getClip().getFirst())).isEqualTo(Duration.ofSeconds(2));
    assertThat(Times.java(two.getClip().getLast())).isLessThan(Duration.ofSeconds(4));
    assertThat(two.getUsage().getPromptTokens()).isGreaterThan(one.getUsage().getPromptTokens());
  }

  private static Question.Builder ranged(VideoReference video, String text, int from, int to) {
    return Demo.question(video, text, MODEL).toBuilder()
        .setRange(
            TimeRange.newBuilder()
                .setFrom(Times.proto(Duration.ofSeconds(from)))
                .setTo(Times.proto(Duration.ofSeconds(to))));
  }

  @Test
  void questionsOfSeveralClipsAtOnceAreAnsweredAsOneAtATime() throws IOException {
    List<Question> questions = new ArrayList<>();
    for (int clip = 0; clip < 4; clip++) {
      VideoReference video = publish(Demo.video(clip));
      for (JsonElement each : questions(clip)) {
        questions.add(
            Demo.question(
                video, each.getAsJsonObject().get("question").getAsString(), OTHER_MODEL));
      }
    }
    List<String> alone = new ArrayList<>();
    for (Question question : questions) {
      client.send(Topics.QUESTIONS, question);
      alone.add(answerOf(question).getText());
    }
    List<Question> again =
        questions.stream()
            .map(each -> each.toBuilder().setQuestionId(each.getQuestionId() + "-again").build())
            .toList();
    again.forEach(question -> client.send(Topics.QUESTIONS, question));

    List<Answer> together = client.await(again.stream().map(Question::getQuestionId).toList());

    assertThat(together).extracting(Answer::getText).isEqualTo(alone);
    assertThat(together).allMatch(answer -> answer.getUsage().getClipCached());
  }

  @Test
  void framesThatLeftTheLogAreSampledOnceMore() throws Exception {
    VideoReference video = publish(Demo.video(9));
    answerOf(ask(video, Demo.CAR_COLOUR));
    deleteFrames(manifests(video).get(0).getPartition());
    Question late = Demo.question(video, Demo.CAR_COLOUR, OTHER_MODEL);
    client.send(Topics.QUESTIONS, late);

    Answer answer = answerOf(late);

    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
    assertThat(samplings(video)).extracting(SamplingRequest::getAttempt).containsExactly(1, 2);
    assertThat(manifests(video)).extracting(ClipManifest::getAttempt).containsExactly(1, 2);
    assertThat(inferences(late)).extracting(InferenceRequest::getAttempt).containsExactly(1, 2);
  }

  private void deleteFrames(int partition) throws Exception {
    try (Admin admin = BusCheck.connect(bus)) {
      TopicPartition frames = new TopicPartition(bus.name(Topics.FRAMES), partition);
      admin
          .deleteRecords(Map.of(frames, RecordsToDelete.beforeOffset(-1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPathwayIsReadFromTheLogWithExactlyItsFrames() throws FramesExpiredException {
    int frames = 14;
    int stride = 4;
    int kept = frames / stride;
    VideoReference video = Demo.video(11);
    client.send(Topics.SAMPLING_REQUESTS, Demo.sampling(video, Demo.profile(frames, 96, stride)));
    ClipManifest clip = awaitManifest(video);

    try (FrameLog log = new FrameLog(bus)) {
      List<ClipFrame> all = log.read(clip, Pathway.BOTH, () -> false);
      List<ClipFrame> fast = log.read(clip, Pathway.FAST, () -> false);

      assertThat(all).extracting(ClipFrame::position).isEqualTo(upTo(frames, i -> i));
      assertThat(all).isSortedAccordingTo(Comparator.comparing(ClipFrame::pts));
      assertThat(all).allMatch(frame -> frame.rgb().remaining() == 96 * 96 * 3);
      assertThat(fast)
          .extracting(ClipFrame::position)
          .isEqualTo(upTo(kept, i -> i * frames / kept));
      assertThat(fast).allSatisfy(frame -> assertThat(frame).isEqualTo(all.get(frame.position())));
      assertThat(log.read(clip, Pathway.SLOW, () -> false)).isEqualTo(all);
    }
  }

  private static List<Integer> upTo(int n, IntUnaryOperator of) {
    return IntStream.range(0, n).map(of).boxed().toList();
  }

  @Test
  void aModelThatIsShownFramesByRateAnswersWithFewer() {
    VideoReference video = publish(Demo.video(0)); // 4 s of 4 frames a second
    Question question = Demo.question(video, Demo.CAR_COLOUR, PACED_MODEL);
    client.send(Topics.QUESTIONS, question);

    Answer answer = answerOf(question);

    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
    assertThat(answer.getText()).isNotBlank(); // not what the model was trained on
    assertThat(answer.getClip().getFrames()).isEqualTo(8);
    assertThat(answer.getUsage().getSlowTokens()).isEqualTo(8 * 9);
    ClipManifest clip = manifests(video).get(0);
    assertThat(clip.getProfile().getFrames()).isEqualTo(16);
    assertThat(clip.getFramesList())
        .extracting(FrameEntry::getFrameIndex)
        .isEqualTo(upTo(8, i -> 2 * i));
  }

  @Test
  void aProfileThatNoSamplerKnowsIsATypedFailure() {
    VideoReference video = Demo.video(0);
    client.send(
        Topics.SAMPLING_REQUESTS,
        Demo.sampling(video, Demo.profile(4, 96, 1).toBuilder().setPolicyValue(77).build()));

    ClipManifest clip = awaitManifest(video);

    assertThat(clip.getFailure().getCode()).isEqualTo(FailureCode.SAMPLING_FAILED);
    assertThat(clip.getFailure().getMessage()).contains("profile.policy=77");
    assertThat(clip.getFramesList()).isEmpty();
  }

  private ClipManifest awaitManifest(VideoReference video) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> manifests(video), manifests -> !manifests.isEmpty())
        .get(0);
  }

  @Test
  void aVideoThatNobodyRegisteredIsUnknown() {
    Question question = ask(Demo.video(0), Demo.CAR_COLOUR);

    assertFailed(question, FailureCode.VIDEO_UNKNOWN);
  }

  @Test
  void aModelThatNobodyServesIsUnknown() {
    Question question = Demo.question(publish(Demo.video(0)), Demo.CAR_COLOUR, "none such");
    client.send(Topics.QUESTIONS, question);

    assertFailed(question, FailureCode.MODEL_UNKNOWN);
  }

  @Test
  void aQuestionWithoutTextIsEmpty() {
    assertFailed(ask(publish(Demo.video(0)), " \n"), FailureCode.QUESTION_EMPTY);
  }

  @Test
  void aQuestionOverTheLimitIsTooLong() {
    assertFailed(ask(publish(Demo.video(0)), "x".repeat(8193)), FailureCode.QUESTION_TOO_LONG);
  }

  @Test
  void aQuestionOfNearlyAMegabyteIsTooLong() {
    assertFailed(ask(publish(Demo.video(0)), "é".repeat(500_000)), FailureCode.QUESTION_TOO_LONG);
  }

  @Test
  void aQuestionOverTheModelsLimitIsTooLong() {
    assertFailed(ask(publish(Demo.video(0)), "dog ".repeat(1000)), FailureCode.QUESTION_TOO_LONG);
  }

  @Test
  void aPassedDeadlineIsExceeded() {
    Question question =
        Demo.question(publish(Demo.video(0)), Demo.CAR_COLOUR, MODEL).toBuilder()
            .setDeadline(Timestamp.newBuilder().setSeconds(1))
            .build();
    client.send(Topics.QUESTIONS, question);

    assertFailed(question, FailureCode.DEADLINE_EXCEEDED);
  }

  @Test
  void aFileOutsideTheRootsIsRefused() throws IOException {
    Path outside = Files.copy(Demo.clips().resolve("clip00.mp4"), dir.resolve("outside.mp4"));

    assertVideoFailed(outside, FailureCode.VIDEO_REFUSED);
  }

  @Test
  void aMissingFileIsUnreadable() {
    assertVideoFailed(allowed.resolve("missing.mp4"), FailureCode.VIDEO_UNREADABLE);
  }

  @Test
  void aTextFileIsUnreadable() throws IOException {
    Path text = Files.writeString(allowed.resolve("text.mp4"), "not a video\n".repeat(500));

    assertVideoFailed(text, FailureCode.VIDEO_UNREADABLE);
  }

  @Test
  void anEmptyFileIsUnreadable() throws IOException {
    assertVideoFailed(Files.createFile(allowed.resolve("empty.mp4")), FailureCode.VIDEO_UNREADABLE);
  }

  @Test
  void aVideoThatCrashesItsDecoderIsAnsweredAndTheNextOneIsServed() throws IOException {
    Path whole = Demo.clips().resolve("clip00.mp4");
    Path crashing = Files.copy(whole, allowed.resolve(CrashingDecoder.NAME + ".mp4"));

    assertVideoFailed(crashing, FailureCode.VIDEO_CRASHES_DECODER);

    Path clip = Files.copy(whole, allowed.resolve("next.mp4"));
    Question next = ask(publish(Demo.video(clip)), Demo.CAR_COLOUR);
    assertThat(answerOf(next).getText()).isEqualTo("white");
  }

  @Test
  void aVideoOnAnAllowedHostIsAnsweredAndNotKept() {
    Answer answer = answerOf(ask(publish(web.video("/clip.mp4")), Demo.CAR_COLOUR));

    assertThat(answer.getText()).isEqualTo("white");
    assertThat(downloads).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://forbidden.example.org/a.mp4",
        "http://127.0.0.1/a.mp4",
        "http://[::ffff:169.254.169.254]/latest/meta-data",
        "http://2130706433/a.mp4",
        "http://user:password@localhost/a.mp4",
        "rtsp://camera.example.org/1",
        "ftp://localhost/a.mp4",
        "concat:/etc/hostname|/etc/passwd",
        "subfile,,start,0,end,0,,:/etc/passwd",
        "data:video/mp4;base64,AAAA",
        "file:///etc/passwd",
        "file:///no/such/folder/a.mp4",
        "file://localhost/etc/../etc/passwd",
        "/etc/passwd"
      })
  void aReferenceThatIsNotAllowedIsRefusedAndTellsNothing(String uri) {
    assertTellsNothing(Web.reference(uri), FailureCode.VIDEO_REFUSED);
  }

  @Test
  void whatAHostSaysIsNotRepeated() {
    assertTellsNothing(web.video("/away.mp4"), FailureCode.VIDEO_REFUSED);
    assertTellsNothing(web.video("/text.mp4"), FailureCode.VIDEO_UNREADABLE);
    assertTellsNothing(web.video("/absent.mp4"), FailureCode.VIDEO_UNREADABLE);
    assertTellsNothing(Web.reference("rtsp://localhost/1"), FailureCode.NOT_SUPPORTED);
    assertThat(downloads).isEmptyDirectory();
  }

  private void assertTellsNothing(VideoReference video, FailureCode code) {
    Question question = ask(publish(video), Demo.CAR_COLOUR);
    assertFailed(question, code);
    assertThat(answerOf(question).getFailure().getMessage())
        .doesNotContain("root:", "127.0.0.1", "169.254", "no such file", "etc", Web.SECRET);
  }

  private void assertVideoFailed(Path file, FailureCode code) {
    assertFailed(ask(publish(Demo.video(file)), Demo.CAR_COLOUR), code);
  }

  private void assertFailed(Question question, FailureCode code) {
    Answer answer = answerOf(question);
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.FAILED);
    assertThat(answer.getFailure().getCode()).isEqualTo(code);
    assertThat(answer.getFailure().getMessage()).isNotBlank().doesNotContain("\n");
    assertThat(answer.getText()).isEmpty();
  }

  static Stream<Arguments> unusableRecords() {
    List<Arguments> records = new ArrayList<>();
    for (Topic<?> topic :
        List.of(
            Topics.MODELS,
            Topics.VIDEOS,
            Topics.QUESTIONS,
            Topics.SAMPLING_REQUESTS,
            Topics.CLIPS,
            Topics.INFERENCE_REQUESTS,
            Topics.RESULTS)) {
      records.add(Arguments.of(topic.name(), "garbage", GARBAGE));
      records.add(Arguments.of(topic.name(), "nothing", new byte[0]));
      records.add(Arguments.of(topic.name(), "much", new byte[900_000]));
      if (topic.cleanup() != Topic.Cleanup.COMPACT) {
        records.add(Arguments.of(topic.name(), "tombstone", null));
      }
    }
    return records.stream();
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("unusableRecords")
  void whatIsNoRecordBecomesADeadLetterAndWorkGoesOn(String name, String key, byte[] value) {
    RecordMetadata at = client.send(Topics.named(name).orElseThrow(), key, value);

    DeadLetter letter = awaitDeadLetter(at);

    assertThat(letter.getReason()).isNotBlank();
    assertThat(letter.getRole()).isNotBlank();
    assertThat(letter.getKey().toStringUtf8()).isEqualTo(key);
    int size = value == null ? 0 : value.length;
    assertThat(letter.getValueSize()).isEqualTo(size);
    assertThat(letter.getValue().size()).isEqualTo(Math.min(size, 262_144));
    assertThat(answerOf(ask(publish(Demo.video(10)), Demo.CAR_COLOUR)).getStatus())
        .isEqualTo(AnswerStatus.OK);
  }

  @Test
  void aMessageUnderAnotherKeyIsADeadLetter() {
    SamplingRequest request =
        SamplingRequest.newBuilder().setVideoId("mine").setClipId("c".repeat(32)).build();
    RecordMetadata at = client.send(Topics.SAMPLING_REQUESTS, "theirs", request.toByteArray());

    assertThat(awaitDeadLetter(at).getReason()).contains("key");
  }

  private DeadLetter awaitDeadLetter(RecordMetadata at) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                client.readAll(Topics.DEAD_LETTERS).stream()
                    .filter(
                        letter ->
                            letter.getTopic().equals(at.topic())
                                && letter.getPartition() == at.partition()
                                && letter.getOffset() == at.offset())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private VideoReference publish(VideoReference video) {
    client.send(Topics.VIDEOS, video);
    return video;
  }

  private Question ask(VideoReference video, String text) {
    Question question = Demo.question(video, text, MODEL);
    client.send(Topics.QUESTIONS, question);
    return question;
  }

  private Answer answerOf(Question question) {
    return client.await(question.getQuestionId()).get(0);
  }

  private List<SamplingRequest> samplings(VideoReference video) {
    return client.readAll(Topics.SAMPLING_REQUESTS).stream()
        .filter(request -> request.getVideoId().equals(video.getVideoId()))
        .toList();
  }

  private List<InferenceRequest> inferences(Question question) {
    return client.readAll(Topics.INFERENCE_REQUESTS).stream()
        .filter(request -> request.getQuestion().getQuestionId().equals(question.getQuestionId()))
        .toList();
  }

  private List<ClipManifest> manifests(VideoReference video) {
    return client.readAll(Topics.CLIPS).stream()
        .filter(manifest -> manifest.getVideoId().equals(video.getVideoId()))
        .toList();
  }
}
