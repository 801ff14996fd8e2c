package io.saccade.router.streams;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Digests;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FinishReason;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.proto.v1.StageTimings;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.Usage;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.proto.v1.Window;
import java.time.Duration;
import java.time.Instant;

/** Valid records of each topic, for tests to use or to make invalid. */
public final class Samples {

  static final int FRAMES = 4;

  private Samples() {}

  public static ModelCard model(String name) {
    return ModelCard.newBuilder()
        .setName(name)
        .setProfile(
            SamplingProfile.newBuilder()
                .setFrames(FRAMES)
                .setImageSize(56)
                .setResize(ResizeRule.SQUASH)
                .setPolicy(SamplingPolicy.UNIFORM)
                .setFastStride(1)
                .setMinFastFrames(1))
        .setMaxPromptTokens(1_000)
        .setMaxNewTokens(256)
        .build();
  }

  public static VideoReference video(String id) {
    return VideoReference.newBuilder().setVideoId(id).setUri("file:///clips/" + id).build();
  }

  public static Question question(String videoId, String id) {
    return Question.newBuilder()
        .setVideoId(videoId)
        .setQuestionId(id)
        .setText("Which colour is the ball?")
        .build();
  }

  public static ClipManifest manifest(SamplingRequest request, long firstOffset) {
    ClipManifest.Builder manifest =
        ClipManifest.newBuilder()
            .setClipId(request.getClipId())
            .setVideoId(request.getVideoId())
            .setAttempt(request.getAttempt())
            .setProfile(request.getProfile())
            .setTimings(
                SamplingTimings.newBuilder()
                    .setDecode(Durations.fromMillis(70))
                    .setPublish(Durations.fromMillis(30)));
    for (int position = 0; position < request.getProfile().getFrames(); position++) {
      manifest.addFrames(
          FrameEntry.newBuilder()
              .setPosition(position)
              .setFrameIndex(10 * position)
              .setPts(Durations.fromMillis(400L * position))
              .setPathway(Pathway.BOTH)
              .setOffset(firstOffset + position));
    }
    return manifest.build();
  }

  public static VideoReference feed(String id) {
    return video(id).toBuilder().setKind(VideoKind.VIDEO_KIND_LIVE).build();
  }

  public static StandingQuestion standing(String id, String videoId) {
    return StandingQuestion.newBuilder()
        .setQuestionId(id)
        .setVideoId(videoId)
        .setText("Is somebody at the gate?")
        .build();
  }

  /** A window of model m's profile that ends at this time; its session id repeats one digit. */
  static ClipManifest window(
      String videoId, char session, long number, Instant end, Duration length) {
    Window window =
        Window.newBuilder()
            .setSession(String.valueOf(session).repeat(32))
            .setNumber(number)
            .setBegin(Times.proto(end.minus(length)))
            .setEnd(Times.proto(end))
            .build();
    SamplingRequest clip =
        SamplingRequest.newBuilder()
            .setClipId(Digests.of(window.toBuilder().setSession(videoId + session).build()))
            .setVideoId(videoId)
            .setProfile(model("m").getProfile())
            .setAttempt(1)
            .build();
    return manifest(clip, 10 * number).toBuilder().setWindow(window).build();
  }

  static ClipManifest failedManifest(SamplingRequest request, FailureCode code) {
    return ClipManifest.newBuilder()
        .setClipId(request.getClipId())
        .setVideoId(request.getVideoId())
        .setAttempt(request.getAttempt())
        .setFailure(failure(code))
        .build();
  }

  static Result result(InferenceRequest request, String text) {
    return about(request)
        .setText(text)
        .setFinishReason(FinishReason.STOP)
        .setUsage(Usage.newBuilder().setPromptTokens(12).setGeneratedTokens(3))
        .setTimings(StageTimings.newBuilder().setPrefill(Durations.fromMillis(5)))
        .build();
  }

  static Result failedResult(InferenceRequest request, FailureCode code) {
    return about(request).setFailure(failure(code)).build();
  }

  static Failure failure(FailureCode code) {
    return Failure.newBuilder().setCode(code).setMessage("it failed: do something").build();
  }

  private static Result.Builder about(InferenceRequest request) {
    return Result.newBuilder()
        .setQuestionId(request.getQuestion().getQuestionId())
        .setVideoId(request.getQuestion().getVideoId())
        .setClipId(request.getClip().getClipId())
        .setAttempt(request.getAttempt())
        .setModel(request.getQuestion().getModel())
        .setWorker("test");
  }
}
