package io.saccade.model.weights;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorType;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the header of a safetensors file: a JSON object from tensor name to {@code {dtype, shape,
 * data_offsets}}, with an optional {@code __metadata__} of strings. The format asks that the
 * tensors tile the data without overlap and without gap; a header that says otherwise is refused.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">The safetensors format</a>
 */
final class SafetensorsHeader {
  private static final int MAX_DIMENSIONS = 8;

  private final Path file;
  private final long dataBytes;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

  private SafetensorsHeader(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /**
   * Reads and checks a header.
   *
   * @param file named in errors
   * @param json the header
   * @param dataBytes bytes that follow the header
   * @throws CheckpointException if the header breaks the format
   */
  static Map<String, TensorEntry> parse(Path file, Reader json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file, dataBytes);
    try (JsonReader reader = new JsonReader(json)) {
      reader.setStrictness(Strictness.STRICT);
      header.read(reader);
    } catch (IllegalStateException
        | NumberFormatException
        | MalformedJsonException
        | EOFException e) {
      throw new CheckpointException(
          file + " has a malformed safetensors header: " + e.getMessage(), e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
    header.checkTiling();
    return header.entries;
  }

  private void read(JsonReader reader) throws IOException {
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (name.equals("__metadata__")) {
        reader.skipValue();
      } else if (entries.put(name, readEntry(reader, name)) != null) {
        throw problem(name, "is listed twice");
      }
    }
    reader.endObject();
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new CheckpointException(file + " has text after its safetensors header");
    }
  }

  private TensorEntry readEntry(JsonReader reader, String name) throws IOException {
    TensorType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    reader.beginObject();
    Set<String> keys = new HashSet<>();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (!keys.add(key)) {
        throw problem(name, "gives its %s twice".formatted(key));
      }
      switch (key) {
        case "dtype" -> type = readType(reader, name);
        case "shape" -> shape = readNumbers(reader, name);
        case "data_offsets" -> offsets = readNumbers(reader, name);
        default -> reader.skipValue();
      }
    }
    reader.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw problem(name, "needs a dtype, a shape and two data_offsets");
    }
    return checked(new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1)));
  }

  private TensorType readType(JsonReader reader, String name) throws IOException {
    String dtype = reader.nextString();
    return TensorType.named(dtype)
        .orElseThrow(
            () ->
                problem(
                    name,
                    "has the unknown dtype %s: save it as F32, F16 or BF16".formatted(dtype)));
  }

  private List<Long> readNumbers(JsonReader reader, String name) throws IOException {
    List<Long> numbers = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      long number = reader.nextLong();
      if (number < 0 || numbers.size() == MAX_DIMENSIONS) {
        throw problem(
            name, "has a negative number or more than %d dimensions".formatted(MAX_DIMENSIONS));
      }
      numbers.add(number);
    }
    reader.endArray();
    return List.copyOf(numbers);
  }

  private TensorEntry checked(TensorEntry entry) {
    if (entry.begin() > entry.end() || entry.end() > dataBytes) {
      throw problem(
          entry.name(),
          "has the offsets %d to %d, outside the %d bytes of data: the file is cut or damaged"
              .formatted(entry.begin(), entry.end(), dataBytes));
    }
    try {
      long needed = Math.multiplyExact(entry.elements(), entry.type().bytes());
      if (needed != entry.bytes()) {
        throw problem(
            entry.name(),
            "has %d bytes where %s of %s needs %d"
                .formatted(entry.bytes(), entry.shape(), entry.type(), needed));
      }
    } catch (ArithmeticException e) {
      throw problem(entry.name(), "has a shape beyond 64 bits, " + entry.shape());
    }
    return entry;
  }

  private void checkTiling() {
    long end = 0;
    List<TensorEntry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    for (TensorEntry entry : ordered) {
      if (entry.begin() != end) {
        String what =
            entry.begin() < end ? "overlaps the tensor before it" : "leaves a gap before it";
        throw problem(
            entry.name(), "%s, at offset %d instead of %d".formatted(what, entry.begin(), end));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw new CheckpointException(
          "%s has %d bytes of data, but its header describes %d: the file is cut or damaged"
              .formatted(file, dataBytes, end));
    }
  }

  private CheckpointException problem(String name, String what) {
    return new CheckpointException("%s: tensor %s %s".formatted(file, name, what));
  }
}
