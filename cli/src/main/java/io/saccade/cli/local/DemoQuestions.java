package io.saccade.cli.local;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.saccade.bus.ConfigException;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of clips and its {@code questions.json}: {@code [{"file": "a.mp4", "questions":
 * [{"question": "…", "answer": "…"}]}]}.
 */
public record DemoQuestions(List<Item> items) {

  private static final String FILE = "questions.json";

  /** One question about one clip, and what the answer should be. */
  public record Item(Path clip, String question, String expected) {

    public String videoId() {
      return clip.getFileName().toString();
    }

    public VideoReference video() {
      return VideoReference.newBuilder()
          .setVideoId(videoId())
          .setUri(VideoUri.of(clip.toString()))
          .build();
    }

    public Question question(String id) {
      return Question.newBuilder()
          .setQuestionId(id)
          .setVideoId(videoId())
          .setText(question)
          .build();
    }

    public boolean isAnsweredBy(String text) {
      return expected.strip().equalsIgnoreCase(text.strip());
    }
  }

  /** The file's form. */
  private record Clip(String file, List<Asked> questions) {}

  private record Asked(String question, String answer) {}

  /**
   * Reads the folder.
   *
   * @throws ConfigException if there are no questions or a clip is missing
   */
  public static DemoQuestions read(Path folder) {
    Path file = folder.resolve(FILE);
    List<Item> items = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file)) {
      for (Clip clip : new Gson().fromJson(reader, Clip[].class)) {
        Path path = folder.resolve(clip.file()).toRealPath();
        clip.questions().forEach(q -> items.add(new Item(path, q.question(), q.answer())));
      }
    } catch (IOException | JsonParseException | NullPointerException e) {
      throw new ConfigException(
          "clips", List.of(file + " does not name clips and their questions (" + e + ")"));
    }
    if (items.isEmpty()) {
      throw new ConfigException("clips", List.of(file + " holds no question"));
    }
    return new DemoQuestions(List.copyOf(items));
  }
}
