package io.saccade.model.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A JSON object of a checkpoint folder, read key by key with checks: every failure names the file,
 * the key, the value found and what is needed. A key whose value is {@code null} counts as absent.
 */
public final class JsonConfig {
  private final Path file;
  private final String prefix;
  private final JsonObject json;

  private JsonConfig(Path file, String prefix, JsonObject json) {
    this.file = file;
    this.prefix = prefix;
    this.json = json;
  }

  /**
   * Reads a file of at most {@code maxBytes}.
   *
   * @throws CheckpointException if it is absent, too large, no JSON object or has a key twice
   */
  public static JsonConfig read(Path file, int maxBytes) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException("%s is missing".formatted(file));
      }
      if (Files.size(file) > maxBytes) {
        throw new CheckpointException(
            "%s has %d bytes, and at most %d are read".formatted(file, Files.size(file), maxBytes));
      }
      String text = Files.readString(file);
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement root = JsonParser.parseReader(reader);
      if (!root.isJsonObject()) {
        throw new CheckpointException("%s is not a JSON object".formatted(file));
      }
      Optional<String> repeated = JsonKeys.repeated(text);
      if (repeated.isPresent()) {
        throw new CheckpointException("%s gives %s twice".formatted(file, repeated.get()));
      }
      return new JsonConfig(file, "", root.getAsJsonObject());
    } catch (JsonParseException e) {
      throw new CheckpointException("%s is not JSON: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  /** An object at hand; {@code file} is what failures name. */
  public static JsonConfig of(Path file, JsonObject json) {
    return new JsonConfig(file, "", json);
  }

  public Iterable<Map.Entry<String, JsonElement>> entries() {
    return json.entrySet();
  }

  public boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  /** The object under a key. */
  public JsonConfig object(String key) {
    return optionalObject(key).orElseThrow(() -> problem(key, "an object"));
  }

  /** The object under a key, if the key is there. */
  public Optional<JsonConfig> optionalObject(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!json.get(key).isJsonObject()) {
      throw problem(key, "an object");
    }
    return Optional.of(new JsonConfig(file, prefix + key + ".", json.getAsJsonObject(key)));
  }

  /** The list under a key, which is not empty. */
  public JsonArray array(String key) {
    if (!has(key) || !json.get(key).isJsonArray() || json.getAsJsonArray(key).isEmpty()) {
      throw problem(key, "a list");
    }
    return json.getAsJsonArray(key);
  }

  /** The integer under a key, {@code min} to {@code max}. */
  public int integer(String key, int min, int max) {
    return optionalInteger(key, min, max).orElseThrow(() -> problem(key, integerRule(min, max)));
  }

  /** The integer under a key, if the key is there. */
  public OptionalInt optionalInteger(String key, int min, int max) {
    return has(key) ? OptionalInt.of(integer(key, json.get(key), min, max)) : OptionalInt.empty();
  }

  private int integer(String key, JsonElement value, int min, int max) {
    double number = isNumber(value) ? value.getAsDouble() : Double.NaN;
    if (!(number >= min && number <= max) || number != Math.rint(number)) {
      throw problem(key, integerRule(min, max));
    }
    return (int) number;
  }

  /**
   * The list of {@code minSize} to {@code maxSize} integers under a key, each {@code min} to {@code
   * max}.
   */
  public List<Integer> integers(String key, int minSize, int maxSize, int min, int max) {
    String rule = "a list of %d to %d of %s".formatted(minSize, maxSize, integerRule(min, max));
    if (!has(key) || !json.get(key).isJsonArray()) {
      throw problem(key, rule);
    }
    JsonArray array = json.getAsJsonArray(key);
    if (array.size() < minSize || array.size() > maxSize) {
      throw problem(key, rule);
    }
    return IntStream.range(0, array.size())
        .mapToObj(i -> integer(key, array.get(i), min, max))
        .toList();
  }

  /**
   * The integers under a key that holds a list of them or just one; empty where the key is absent.
   */
  List<Integer> oneOrMoreIntegers(String key, int min, int max) {
    if (!has(key)) {
      return List.of();
    }
    if (json.get(key).isJsonArray()) {
      return integers(key, 1, 64, min, max);
    }
    return List.of(integer(key, min, max));
  }

  /** The number under a key, {@code min} to {@code max}. */
  public double number(String key, double min, double max) {
    return optionalNumber(key, min, max).orElseThrow(() -> problem(key, numberRule(min, max)));
  }

  /** The number under a key, if the key is there. */
  public Optional<Double> optionalNumber(String key, double min, double max) {
    if (!has(key)) {
      return Optional.empty();
    }
    double number = isNumber(json.get(key)) ? json.get(key).getAsDouble() : Double.NaN;
    if (!(number >= min && number <= max)) {
      throw problem(key, numberRule(min, max));
    }
    return Optional.of(number);
  }

  /** The text under a key. */
  public String text(String key) {
    if (!has(key) || !isText(json.get(key))) {
      throw problem(key, "a text");
    }
    return json.get(key).getAsString();
  }

  /** The text under a key, if the key is there and holds one. */
  public Optional<String> optionalText(String key) {
    return has(key) && isText(json.get(key))
        ? Optional.of(json.get(key).getAsString())
        : Optional.empty();
  }

  /** The boolean under a key, or false where the key is absent. */
  public boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    if (json.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw problem(key, "true or false");
  }

  /** Refuses a key that holds anything but one of the supported texts. */
  public void requireText(String key, String... supported) {
    String needed = "one of " + String.join(", ", supported);
    if (!has(key)
        || !isText(json.get(key))
        || !List.of(supported).contains(json.get(key).getAsString())) {
      throw problem(key, needed);
    }
  }

  /** Refuses a key that is there and true, for something this model cannot do. */
  public void requireOff(String key) {
    if (flag(key)) {
      throw problem(key, "false");
    }
  }

  /** The failure of a key: its value, and what is needed instead. */
  public CheckpointException problem(String key, String needed) {
    String found = has(key) ? "is " + abbreviated(json.get(key).toString()) : "is missing";
    return new CheckpointException(
        "%s: %s%s %s, and %s is needed".formatted(file, prefix, key, found, needed));
  }

  private static String abbreviated(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static String integerRule(int min, int max) {
    return "an integer from %d to %d".formatted(min, max);
  }

  private static String numberRule(double min, double max) {
    return "a number from %s to %s".formatted(min, max);
  }

  private static boolean isNumber(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }
}
