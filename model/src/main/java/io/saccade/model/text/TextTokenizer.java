package io.saccade.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import io.saccade.model.config.CheckpointException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The tokenizer of a checkpoint folder, read from its {@code tokenizer.json} alone. */
public final class TextTokenizer implements AutoCloseable {
  public static final String FILE = "tokenizer.json";
  private static final int MAX_BYTES = 64 << 20;

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final List<String> controlTexts;
  private final int vocabularySize;

  private TextTokenizer(
      Path file, HuggingFaceTokenizer tokenizer, List<String> controlTexts, int vocabularySize) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.controlTexts = controlTexts;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Loads a folder's tokenizer.
   *
   * @param vocabularySize number of rows of the embedding table
   * @param required texts that must be one token each
   * @throws CheckpointException if there is none, or it lacks a token that is required
   */
  public static TextTokenizer load(Path folder, int vocabularySize, List<String> required) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(
            file + " is missing: save it with tokenizer.save_pretrained() of a fast tokenizer");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new CheckpointException("%s has more than %d bytes".formatted(file, MAX_BYTES));
      }
      List<String> controlTexts = controlTexts(file);
      return new TextTokenizer(file, open(file), controlTexts, vocabularySize).checked(required);
    } catch (JsonParseException | IllegalStateException e) {
      throw new CheckpointException("%s is not a tokenizer: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private static HuggingFaceTokenizer open(Path file) throws IOException {
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optAddSpecialTokens(false)
          .optTruncation(false)
          .optPadding(false)
          .build();
    } catch (RuntimeException e) {
      throw new CheckpointException("%s is not a tokenizer: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static List<String> controlTexts(Path file) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Reader text = Files.newBufferedReader(file);
        JsonReader reader = new JsonReader(text)) {
      reader.beginObject();
      while (reader.hasNext()) {
        if (reader.nextName().equals("added_tokens")) {
          JsonArray tokens = JsonParser.parseReader(reader).getAsJsonArray();
          tokens.forEach(token -> texts.add(content(file, token)));
        } else {
          reader.skipValue();
        }
      }
    }
    return List.copyOf(texts);
  }

  private static String content(Path file, JsonElement token) {
    if (token instanceof JsonObject added
        && added.get("content") instanceof JsonPrimitive content
        && !content.getAsString().isEmpty()) {
      return content.getAsString();
    }
    throw new CheckpointException(
        "%s has an added token without content: %s".formatted(file, token));
  }

  private TextTokenizer checked(List<String> required) {
    for (String control : required) {
      if (encode(control).size() != 1) {
        close();
        throw new CheckpointException("%s has no token %s".formatted(file, control));
      }
    }
    return this;
  }

  /** The texts that this tokenizer turns into one control token wherever they stand. */
  List<String> controlTexts() {
    return controlTexts;
  }

  /**
   * The ids of a text, without any added at its ends.
   *
   * @throws CheckpointException if the tokenizer has an id that the model's embedding table has not
   */
  public List<Long> encode(String text) {
    String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    long[] ids = tokenizer.encode(wellFormed, false, false).getIds();
    for (long id : ids) {
      if (id >= vocabularySize) {
        throw new CheckpointException(
            "%s gives the id %d, but the vocab_size of config.json is %d"
                .formatted(file, id, vocabularySize));
      }
    }
    return LongStream.of(ids).boxed().toList();
  }

  /**
   * The text of ids, without control tokens. Bytes that are no UTF-8 become U+FFFD; unknown ids
   * vanish.
   */
  public String decode(List<Long> ids) {
    if (ids.isEmpty()) {
      return "";
    }
    return tokenizer.decode(ids.stream().mapToLong(Long::longValue).toArray(), true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
