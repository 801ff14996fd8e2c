package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.bus.Role;
import io.saccade.cli.Main;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.QuestionRouter;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterConfig;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.AccessConfig;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.SimulatedEngine;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers with the simulated engine that crash, are told to stop or are given a slow question, with
 * many questions under way: each has exactly one answer, the right one.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CRASHES = 3;

  private static EmbeddedBroker broker;

  @TempDir private Path dir;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<String, Question> asked = new LinkedHashMap<>();
  private BusConfig bus;
  private PlainClient client;
  private VideoReference video;

  @BeforeAll
  static void startBroker(@TempDir Path folder) {
    broker = Bus.broker(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void connect() {
    bus = Bus.create(broker.bootstrapServers(), UUID.randomUUID() + ".", Bus.QUICK_GROUPS);
    client = new PlainClient(bus);
    start(new QuestionRouter(router()));
    start(new FrameSampler(SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips())))));
    video = Demo.video(0);
    client.send(Topics.VIDEOS, video);
  }

  @AfterEach
  void stopAll() throws Exception {
    client.close();
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  @Test
  void aQuestionThatCrashesItsWorkerIsFoundAndAnswered() throws Exception {
    Restarted worker = new Restarted();
    awaitModel();
    for (int i = 0; i < 6; i++) {
      ask("before " + i, 1);
    }
    String guilty = ask(SimulatedEngine.HALT, 1);
    for (int i = 0; i < 6; i++) {
      ask("behind " + i, 20);
    }

    List<Answer> answers = client.await(asked.keySet());

    for (Answer answer : answers) {
      if (answer.getQuestionId().equals(guilty)) {
        assertThat(answer.getStatus()).isEqualTo(AnswerStatus.FAILED);
        assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.QUESTION_CRASHES_WORKER);
      } else {
        assertRight(answer);
      }
    }
    client.requireOneAnswerEach();
    assertThat(worker.starts).as("once with others, then alone").hasValue(1 + 1 + CRASHES);
    assertThat(client.readAll(Topics.RESULTS))
        .extracting(Result::getQuestionId)
        .containsExactlyInAnyOrderElementsOf(asked.keySet());
  }

  @Test
  void aWorkerToldToStopLeavesNothingTwiceAndNothingUndone() throws Exception {
    RoleProcess worker = worker("drained-worker");
    parts.push(worker);
    awaitModel();
    for (int i = 0; i < 50; i++) {
      ask("question " + i, 1 + i % 7);
    }
    Awaitility.await().atMost(PATIENCE).until(() -> client.readAll(Topics.RESULTS).size() >= 10);

    worker.terminate();
    assertThat(worker.exitCode()).isZero();
    assertThat(client.readAll(Topics.RESULTS)).hasSizeBetween(10, 49);
    start(
        new InferenceWorker(
            WorkerConfig.defaults(bus, "next"),
            new SimulatedEngine(SimulatedEngine.NAME, Duration.ofMillis(1))));

    client.await(asked.keySet()).forEach(this::assertRight);
    client.requireOneAnswerEach();
    assertThat(client.readAll(Topics.RESULTS))
        .extracting(Result::getQuestionId)
        .containsExactlyInAnyOrderElementsOf(asked.keySet());
  }

  @Test
  void aSlowQuestionDoesNotHoldBackFasterOnesBehindIt() {
    start(
        new InferenceWorker(
            WorkerConfig.defaults(bus, "slow"),
            new SimulatedEngine(SimulatedEngine.NAME, Duration.ofMillis(5))));
    awaitModel();
    String slow = ask("slow", 600);
    for (int i = 0; i < 30; i++) {
      ask("fast " + i, 2);
    }

    client.await(asked.keySet()).forEach(this::assertRight);

    List<Result> results = client.readAll(Topics.RESULTS);
    assertThat(results).hasSize(asked.size());
    assertThat(results)
        .as("of one partition, and so in the order in which they were written")
        .last()
        .satisfies(last -> assertThat(last.getQuestionId()).isEqualTo(slow));
  }

  /** All requests of the video lie in one partition, whatever their number. */
  private RouterConfig router() {
    RouterConfig defaults = RouterConfig.defaults(bus, dir.resolve("router"));
    RequestLimits limits = defaults.requests();
    return new RouterConfig(
        bus,
        defaults.stateDir(),
        defaults.limits(),
        new RequestLimits(
            limits.maxStandingRequests(), 1_000, limits.samplingAttempts(), limits.samplingPause()),
        defaults.commitInterval(),
        defaults.threads(),
        defaults.standbyReplicas(),
        defaults.drainGrace());
  }

  private void awaitModel() {
    Awaitility.await("the model is announced")
        .atMost(PATIENCE)
        .until(() -> !client.readAll(Topics.MODELS).isEmpty());
  }

  private void assertRight(Answer answer) {
    ClipManifest clip = client.readAll(Topics.CLIPS).get(0);
    String text = asked.get(answer.getQuestionId()).getText();
    assertThat(answer.getStatus()).as("%s", answer.getFailure()).isEqualTo(AnswerStatus.OK);
    assertThat(answer.getText()).isEqualTo(SimulatedEngine.answer(text, clip));
  }

  private String ask(String text, int tokens) {
    Question question =
        Demo.question(video, text, SimulatedEngine.NAME).toBuilder()
            .setOptions(GenerationOptions.newBuilder().setMaxNewTokens(tokens))
            .build();
    asked.put(question.getQuestionId(), question);
    client.send(Topics.QUESTIONS, question);
    return question.getQuestionId();
  }

  private void start(Role role) {
    parts.push(role);
    role.start();
  }

  private RoleProcess worker(String name) throws IOException {
    return RoleProcess.start(
        name,
        Main.class,
        "worker",
        "--engine=simulated",
        "--latency=50ms",
        "--max-crashes=" + CRASHES,
        "--bootstrap-servers=" + bus.bootstrapServers(),
        "--topic-prefix=" + bus.topicPrefix(),
        "--kafka=session.timeout.ms=6000",
        "--kafka=heartbeat.interval.ms=2000");
  }

  /** A worker that is started again whenever it ends, as a supervisor does. */
  private final class Restarted implements AutoCloseable {

    private final AtomicInteger starts = new AtomicInteger();
    private final List<RoleProcess> processes = new ArrayList<>();
    private boolean closed;

    Restarted() {
      parts.push(this);
      start();
    }

    private synchronized void start() {
      if (closed) {
        return;
      }
      try {
        RoleProcess process = worker("crashing-worker-" + starts.incrementAndGet());
        processes.add(process);
        process.whenEnded(this::start);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      processes.forEach(RoleProcess::close);
    }
  }
}
