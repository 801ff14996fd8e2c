package io.saccade.it;

import io.saccade.ingest.VideoUri;
import io.saccade.model.VideoModel;
import io.saccade.model.graph.ModelOptions;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.VideoReference;
import io.saccade.worker.Engine;
import io.saccade.worker.ModelEngine;
import java.nio.file.Path;
import java.util.UUID;

/** The shipped checkpoint and clips, and what is true of them. */
public final class Demo {

  /** What the first clip shows. */
  static final String CAR_COLOUR = "What colour is the car?";

  private static final Path HOME =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().resolve("demo");

  private Demo() {}

  /** The checkpoint folder. */
  static Path checkpoint() {
    return HOME.resolve("saccade-demo");
  }

  /** The clips' folder. */
  static Path clips() {
    return HOME.resolve("clips");
  }

  /** Loads the checkpoint; the caller closes it. */
  public static Engine engine(String name) {
    return engine(name, SamplingPolicy.UNIFORM, 0);
  }

  /** The same, shown other frames of a video. */
  static Engine engine(String name, SamplingPolicy policy, double rate) {
    ModelOptions oneThread = ModelOptions.defaults().withThreads(1);
    VideoModel model = VideoModel.load(checkpoint(), oneThread);
    return new ModelEngine(model, name, "", policy, rate);
  }

  /** A clip under an id that no other test has. */
  static VideoReference video(int clip) {
    return video(clips().resolve("clip%02d.mp4".formatted(clip)));
  }

  /** A file under an id that no other test has. */
  static VideoReference video(Path file) {
    return VideoReference.newBuilder()
        .setVideoId(file.getFileName() + "-" + UUID.randomUUID())
        .setUri(VideoUri.of(file.toString()))
        .build();
  }

  /** A request to sample a clip that nobody asked about. */
  static SamplingRequest sampling(VideoReference video, SamplingProfile profile) {
    return SamplingRequest.newBuilder()
        .setClipId(UUID.randomUUID().toString().replace("-", ""))
        .setVideoId(video.getVideoId())
        .setUri(video.getUri())
        .setProfile(profile)
        .setAttempt(1)
        .build();
  }

  /** N frames of S pixels, uniformly, of which every s-th is fast too. */
  static SamplingProfile profile(int frames, int size, int stride) {
    return SamplingProfile.newBuilder()
        .setFrames(frames)
        .setImageSize(size)
        .setResize(ResizeRule.SHORTEST_EDGE_CENTER_CROP)
        .setPolicy(SamplingPolicy.UNIFORM)
        .setFastStride(stride)
        .setMinFastFrames(1)
        .build();
  }

  /** A question under an id that no other test has. */
  static Question question(VideoReference video, String text, String model) {
    return Question.newBuilder()
        .setQuestionId(UUID.randomUUID().toString())
        .setVideoId(video.getVideoId())
        .setText(text)
        .setModel(model)
        .build();
  }
}
