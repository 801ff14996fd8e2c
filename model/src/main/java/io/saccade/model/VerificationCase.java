package io.saccade.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reference case: a safetensors file of tensors and, beside it, a JSON file that says what was
 * asked.
 */
final class VerificationCase {
  private static final int MAX_JSON_BYTES = 16 << 20;
  private static final long IMAGE_ID =
      -200; // where the fast tokens go, in the public code's prompts

  private final Path path;
  private final SafetensorsFile file;

  VerificationCase(Path path) {
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
  float[] floats(String name) {
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
  List<ByteBuffer> frames() {
    ByteBuffer pixels = map("frames", TensorType.U8);
    int count = shape("frames").isEmpty() ? 0 : Math.toIntExact(shape("frames").get(0));
    int frameBytes = count == 0 ? 0 : pixels.remaining() / count;
    List<ByteBuffer> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(pixels.slice(i * frameBytes, frameBytes));
    }
    return frames;
  }

  /** The prompt of {@code input_ids}. */
  Prompt prompt() {
    List<Long> ids = ids("input_ids");
    int image = ids.indexOf(IMAGE_ID);
    if (image < 0) {
      throw new CheckpointException(
          "%s: input_ids has no %d for the fast tokens".formatted(path, IMAGE_ID));
    }
    return new Prompt(ids.subList(0, image), ids.subList(image + 1, ids.size()));
  }

  /** The ids of a prompt in the form of {@code input_ids}. */
  static List<Long> inputIds(Prompt prompt) {
    List<Long> ids = new ArrayList<>(prompt.before());
    ids.add(IMAGE_ID);
    ids.addAll(prompt.after());
    return ids;
  }

  /**
   * The conversation of the JSON file, if there is one: a list of pairs of question and answer, the
   * last one null.
   */
  Optional<Conversation> conversation() {
    Path json =
        path.resolveSibling(path.getFileName().toString().replaceFirst("\\.safetensors$", ".json"));
    if (json.equals(path) || !Files.exists(json)) {
      return Optional.empty();
    }
    List<Conversation.Turn> earlier = new ArrayList<>();
    JsonArray turns = JsonConfig.read(json, MAX_JSON_BYTES).array("conversation");
    for (JsonElement turn : turns.asList().subList(0, turns.size() - 1)) {
      earlier.add(new Conversation.Turn(part(turn, 0), part(turn, 1)));
    }
    return Optional.of(new Conversation(earlier, part(turns.get(turns.size() - 1), 0)));
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
