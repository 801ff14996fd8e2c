package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.SimulatedEngine;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers with the simulated engine that crash, are told to stop or are given a slow question, with
 * many questions under way: each has exactly one answer, the right one.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerIT extends BusIT {

  private static final int CRASHES = 3;

  private final Map<String, Question> asked = new LinkedHashMap<>();
  private VideoReference video;

  @BeforeEach
  void startRouterAndSampler() {
    parts.start(new QuestionRouter(router()));
    startSampler();
    video = Demo.video(0);
    client.send(Topics.VIDEOS, video);
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
        assertRight(List.of(answer));
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
    RoleProcess worker =
        role(
            "drained-worker",
            "worker",
            "--engine=simulated",
            "--latency=50ms",
            "--max-under-way=8");
    awaitModel();
    for (int i = 0; i < 200; i++) { // 50 ms each at least: seconds of work when it is told
      ask("question " + i, 1 + i % 7);
    }
    patiently().until(() -> client.readAll(Topics.RESULTS).size() >= 10);

    worker.terminate();
    assertThat(worker.exitCode()).isZero();
    assertThat(client.readAll(Topics.RESULTS)).hasSizeBetween(10, asked.size() - 1);
    parts.start(
        new InferenceWorker(
            WorkerConfig.defaults(bus, "next"),
            new SimulatedEngine(SimulatedEngine.NAME, Duration.ofMillis(1))));

    assertRight(client.await(asked.keySet()));
    client.requireOneAnswerEach();
    assertThat(client.readAll(Topics.RESULTS))
        .extracting(Result::getQuestionId)
        .containsExactlyInAnyOrderElementsOf(asked.keySet());
  }

  @Test
  void aSlowQuestionDoesNotHoldBackFasterOnesBehindIt() {
    parts.start(
        new InferenceWorker(
            WorkerConfig.defaults(bus, "slow"),
            new SimulatedEngine(SimulatedEngine.NAME, Duration.ofMillis(5))));
    awaitModel();
    String slow = ask("slow", 600);
    for (int i = 0; i < 30; i++) {
      ask("fast " + i, 2);
    }

    assertRight(client.await(asked.keySet()));

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

  private void assertRight(List<Answer> answers) {
    ClipManifest clip = client.readAll(Topics.CLIPS).get(0);
    for (Answer answer : answers) {
      String text = asked.get(answer.getQuestionId()).getText();
      assertThat(answer.getStatus()).as("%s", answer.getFailure()).isEqualTo(AnswerStatus.OK);
      assertThat(answer.getText()).isEqualTo(SimulatedEngine.answer(text, clip));
    }
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

  /** A worker that is started again whenever it ends, as a supervisor does. */
  private final class Restarted implements AutoCloseable {

    private final AtomicInteger starts = new AtomicInteger();
    private RoleProcess process;
    private boolean closed;

    Restarted() {
      start();
      parts.add(this);
    }

    private synchronized void start() {
      if (closed) {
        return;
      }
      try {
        process =
            RoleProcess.start(
                "crashing-worker-" + starts.incrementAndGet(),
                Main.class,
                arguments(
                    "worker", "--engine=simulated", "--latency=50ms", "--max-crashes=" + CRASHES));
        process.whenEnded(this::start);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      process.close();
    }
  }
}
