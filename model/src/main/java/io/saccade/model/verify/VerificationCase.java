package io.saccade.model.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorType;
import io.saccade.model.text.Conversation;
import io.saccade.model.text.Prompt;
import io.saccade.model.weights.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A reference case: a safetensors file of tensors and, beside it, a JSON file that says what was
 * asked.
 */
public final class VerificationCase {
  private static final int MAX_JSON_BYTES = 16 << 20;
  private static final long IMAGE_ID =
      -200; // where the fast tokens go, in the public code's prompts

  private final Path path;
  private final SafetensorsFile file;

  public VerificationCase(Path path) {
    this.path = path;
    this.file = SafetensorsFile.open(path);
  }

  Set<String> names() {
    return file.entries().keySet();
  }

  boolean has(String name) {
    return file.entries().containsKey(name);
  }

  List<Long> shape(String name) {
    return entry(name).shape();
  }

  /** The elements of a float32 tensor. */
  public float[] floats(String name) {
    ByteBuffer bytes = map(name, TensorType.F32);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  /** The elements of an int64 tensor. */
  List<Long> ids(String name) {
    ByteBuffer bytes = map(name, TensorType.I64);
    List<Long> values = new ArrayList<>();
    while (bytes.hasRemaining()) {
      values.add(bytes.getLong());
    }
    return values;
  }

  /** The frames [T, S, S, 3]. */
  public List<ByteBuffer> frames() {
    ByteBuffer pixels = map("frames", TensorType.U8);
    List<Long> shape = shape("frames");
    if (shape.size() != 4 || shape.contains(0L) || shape.get(0) > ModelDescription.MAX_FRAMES) {
      throw new CheckpointException(
          "%s: frames has the shape %s where [T, S, S, 3] is needed".formatted(path, shape));
    }
    int count = shape.get(0).intValue();
    int frameBytes = pixels.remaining() / count;
    return IntStream.range(0, count)
        .mapToObj(i -> pixels.slice(i * frameBytes, frameBytes))
        .toList();
  }

  /**
   * The prompt of {@code input_ids}.
   *
   * @param vocabularySize above the largest id allowed
   */
  Prompt prompt(int vocabularySize) {
    List<Long> ids = ids("input_ids");
    int image = ids.indexOf(IMAGE_ID);
    Prompt prompt =
        new Prompt(ids.subList(0, Math.max(0, image)), ids.subList(image + 1, ids.size()));
    boolean known =
        Stream.concat(prompt.before().stream(), prompt.after().stream())
            .allMatch(id -> id >= 0 && id < vocabularySize);
    if (image < 0 || !known || prompt.after().isEmpty()) {
      throw new CheckpointException(
          "%s: input_ids needs ids from 0 to %d and one %d where the fast tokens go, before the last id"
              .formatted(path, vocabularySize - 1, IMAGE_ID));
    }
    return prompt;
  }

  /** The ids of a prompt in the form of {@code input_ids}. */
  public static List<Long> inputIds(Prompt prompt) {
    List<Long> ids = new ArrayList<>(prompt.before());
    ids.add(IMAGE_ID);
    ids.addAll(prompt.after());
    return ids;
  }

  /**
   * The conversation of the JSON file, if there is one: a list of pairs of question and answer, the
   * last one null.
   */
  public Optional<Conversation> conversation() {
    Path json =
        path.resolveSibling(path.getFileName().toString().replaceFirst("\\.safetensors$", ".json"));
    if (json.equals(path) || !Files.exists(json)) {
      return Optional.empty();
    }
    return Optional.of(conversation(json));
  }

  /** The conversation of a case's JSON file. */
  public static Conversation conversation(Path json) {
    try {
      return conversation(JsonConfig.read(json, MAX_JSON_BYTES).array("conversation"));
    } catch (IllegalStateException | IndexOutOfBoundsException | UnsupportedOperationException e) {
      throw new CheckpointException(
          json + ": conversation is no list of pairs of question and answer", e);
    }
  }

  private static Conversation conversation(JsonArray turns) {
    List<Conversation.Turn> earlier = new ArrayList<>();
    for (JsonElement turn : turns.asList().subList(0, turns.size() - 1)) {
      earlier.add(new Conversation.Turn(part(turn, 0), part(turn, 1)));
    }
    return new Conversation(earlier, part(turns.get(turns.size() - 1), 0));
  }

  private static String part(JsonElement turn, int index) {
    return turn.getAsJsonArray().get(index).getAsString();
  }

  private TensorEntry entry(String name) {
    TensorEntry entry = file.entries().get(name);
    if (entry == null) {
      throw new CheckpointException("%s has no tensor %s".formatted(path, name));
    }
    return entry;
  }

  private ByteBuffer map(String name, TensorType type) {
    if (entry(name).type() != type) {
      throw new CheckpointException(
          "%s: tensor %s has the type %s where %s is needed"
              .formatted(path, name, entry(name).type(), type));
    }
    return file.map(entry(name));
  }
}
