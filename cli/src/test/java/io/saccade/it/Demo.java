package io.saccade.it;

import io.saccade.ingest.VideoUri;
import io.saccade.model.ModelOptions;
import io.saccade.model.SlowFastModel;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import io.saccade.worker.Engine;
import io.saccade.worker.SlowFastEngine;
import java.nio.file.Path;
import java.util.OptionalInt;
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
    ModelOptions oneThread = new ModelOptions("cpu", 1, OptionalInt.empty());
    return new SlowFastEngine(SlowFastModel.load(checkpoint(), oneThread), name, "");
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
