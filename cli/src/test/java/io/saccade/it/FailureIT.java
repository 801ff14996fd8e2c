package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.cli.HeldWorker;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Processes that die: whatever was under way in them is done by another, and every question has
 * exactly one answer.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailureIT extends BusIT {

  private static final String MODEL = "demo";

  @Test
  void aWorkerKilledInTheMiddleOfAnInference() throws Exception {
    startRouter();
    startSampler();
    RoleProcess worker = heldWorker("killed-worker");
    VideoReference video = publish(0);
    List<String> asked = new ArrayList<>();
    asked.add(ask(video, "before-"));
    client.await(asked); // answered by the worker that is going to die

    asked.add(ask(video, HeldWorker.MARK));
    asked.add(ask(video, "behind-"));
    worker.awaitLine("begun");
    asked.add(ask(publish(0), "elsewhere-"));
    worker.kill();
    startWorker();

    assertAllWhite(asked);
    assertThat(client.readAll(Topics.RESULTS))
        .filteredOn(result -> result.getQuestionId().startsWith(HeldWorker.MARK))
        .extracting(Result::getWorker)
        .containsExactly("next");
  }

  @Test
  void aSamplerKilledInTheMiddleOfAClip() throws Exception {
    startRouter();
    startWorker();
    RoleProcess sampler =
        role(
            "killed-sampler",
            "sampler",
            "--allow-root=" + Demo.clips(),
            "--kafka=interceptor.classes=" + HeldFrames.class.getName());
    VideoReference video = publish(0);
    List<String> asked = List.of(ask(video, "first-"), ask(video, "second-"));
    sampler.awaitLine("begun");
    sampler.kill();
    assertThat(client.readAll(Topics.FRAMES)).hasSize(HeldFrames.PASSED);
    assertThat(client.readAll(Topics.CLIPS)).isEmpty();
    startSampler();

    assertAllWhite(asked);
    assertThat(client.readAll(Topics.SAMPLING_REQUESTS))
        .extracting(SamplingRequest::getAttempt)
        .containsExactly(1);
    ClipManifest manifest = client.readAll(Topics.CLIPS).get(0);
    List<FrameTensor> frames = client.readAll(Topics.FRAMES);
    assertThat(manifest.getFramesList())
        .as("the dead sampler's frames are named by nobody")
        .extracting(FrameEntry::getOffset)
        .allMatch(offset -> offset >= HeldFrames.PASSED);
    assertThat(frames).hasSizeGreaterThan(HeldFrames.PASSED);
  }

  @Test
  void aRouterKilledWhileQuestionsAreParked() throws Exception {
    RoleProcess router = routerProcess("killed-router");
    startWorker();
    VideoReference video = publish(0);
    List<String> asked = new ArrayList<>();
    asked.add(ask(video, "first-"));
    asked.add(ask(video, "second-"));
    // One request in the log: the clip was asked for, and the question that did so is parked.
    patiently().until(() -> !client.readAll(Topics.SAMPLING_REQUESTS).isEmpty());
    router.kill();
    asked.add(ask(video, "while-away-"));
    startSampler(); // its manifest waits for the next router
    routerProcess("next-router");

    assertAllWhite(asked);
    assertThat(client.readAll(Topics.SAMPLING_REQUESTS)).hasSize(1);
  }

  @Test
  void aWorkerToldToStopEndsWhatItHasBegunAndNoMore() throws Exception {
    startRouter();
    startSampler();
    RoleProcess worker = heldWorker("stopped-worker");
    VideoReference video = publish(0);
    List<String> asked = List.of(ask(video, HeldWorker.MARK), ask(video, "behind-"));
    worker.awaitLine("begun");
    patiently().until(() -> client.readAll(Topics.INFERENCE_REQUESTS).size() == 2);

    worker.terminate();
    worker.release();
    assertThat(worker.exitCode()).isZero();
    startWorker();

    assertAllWhite(asked);
    assertThat(client.readAll(Topics.RESULTS))
        .filteredOn(result -> result.getQuestionId().startsWith(HeldWorker.MARK))
        .as("the result was acknowledged and its request committed: nobody did it again")
        .extracting(Result::getWorker)
        .containsExactly("held");
  }

  private void assertAllWhite(List<String> asked) {
    List<Answer> answers = client.await(asked);
    assertThat(answers).extracting(Answer::getStatus).containsOnly(AnswerStatus.OK);
    assertThat(answers).extracting(Answer::getText).containsOnly("white");
    client.requireOneAnswerEach();
  }

  private VideoReference publish(int clip) {
    VideoReference video = Demo.video(clip);
    client.send(Topics.VIDEOS, video);
    return video;
  }

  private String ask(VideoReference video, String idStart) {
    Question question =
        Demo.question(video, Demo.CAR_COLOUR, MODEL).toBuilder()
            .setQuestionId(idStart + UUID.randomUUID())
            .build();
    client.send(Topics.QUESTIONS, question);
    return question.getQuestionId();
  }

  private void startWorker() {
    parts.start(new InferenceWorker(WorkerConfig.defaults(bus, "next"), Demo.engine(MODEL)));
  }

  private RoleProcess heldWorker(String name) throws IOException {
    RoleProcess worker =
        parts.process(name, HeldWorker.class, bus.bootstrapServers(), bus.topicPrefix(), MODEL);
    awaitModel();
    return worker;
  }

  private RoleProcess routerProcess(String name) throws IOException {
    return role(name, "router", "--data=" + dir);
  }
}
