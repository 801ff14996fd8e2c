package io.saccade.model.config;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Looks for keys that an object gives twice, of which a parser would silently drop one. */
final class JsonKeys {
  private JsonKeys() {}

  /**
   * The first key that any object of a text has twice, if one does.
   *
   * @param json well-formed JSON
   */
  static Optional<String> repeated(String json) throws IOException {
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      return repeated(reader);
    }
  }

  /** Reads one value; the parser has seen already that it is not too deep. */
  private static Optional<String> repeated(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        return repeatedInObject(reader);
      }
      case BEGIN_ARRAY -> {
        return repeatedInArray(reader);
      }
      default -> {
        reader.skipValue();
        return Optional.empty();
      }
    }
  }

  private static Optional<String> repeatedInObject(JsonReader reader) throws IOException {
    Set<String> keys = new HashSet<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      Optional<String> repeated = keys.add(key) ? repeated(reader) : Optional.of(key);
      if (repeated.isPresent()) {
        return repeated;
      }
    }
    reader.endObject();
    return Optional.empty();
  }

  private static Optional<String> repeatedInArray(JsonReader reader) throws IOException {
    reader.beginArray();
    while (reader.hasNext()) {
      Optional<String> repeated = repeated(reader);
      if (repeated.isPresent()) {
        return repeated;
      }
    }
    reader.endArray();
    return Optional.empty();
  }
}
