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
 * A folder of clips with questions whose answers are known. The folder's {@code questions.json}
 * reads {@code [{"file": "a.mp4", "questions": [{"question": "…", "answer": "…"}]}]}.
 *
 * @param items all questions in the order of the file, at least one
 */
public record DemoQuestions(List<Item> items) {

  private static final String FILE = "questions.json";

  /**
   * A question about a clip.
   *
   * @param clip absolute path of the clip
   * @param question text of the question
   * @param expected the right answer
   */
  public record Item(Path clip, String question, String expected) {

    /** The id of the clip's video: its file name. */
    public String videoId() {
      return clip.getFileName().toString();
    }

    /** The clip as a record of the videos topic. */
    public VideoReference video() {
      return VideoReference.newBuilder()
          .setVideoId(videoId())
          .setUri(VideoUri.of(clip.toString()))
          .build();
    }

    /** The question with this id as a record of the questions topic. */
    public Question question(String id) {
      return Question.newBuilder()
          .setQuestionId(id)
          .setVideoId(videoId())
          .setText(question)
          .build();
    }

    /** Whether an answer is the expected one, upper and lower case and outer blanks aside. */
    public boolean isAnsweredBy(String text) {
      return expected.strip().equalsIgnoreCase(text.strip());
    }
  }

  /** An element of the file, by the names of its members. */
  private record Clip(String file, List<Asked> questions) {}

  private record Asked(String question, String answer) {}

  /**
   * Reads the {@code questions.json} of a folder.
   *
   * @throws ConfigException if the file is missing or malformed, has no question, or names a clip
   *     that does not exist
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
          "clips", List.of(file + " cannot be read as clips and their questions (" + e + ")"));
    }
    if (items.isEmpty()) {
      throw new ConfigException("clips", List.of(file + " has no question"));
    }
    return new DemoQuestions(List.copyOf(items));
  }
}
