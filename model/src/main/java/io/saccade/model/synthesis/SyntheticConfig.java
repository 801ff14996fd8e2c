package io.saccade.model.synthesis;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.ModelConfig;
import io.saccade.model.config.CheckpointException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The shapes that random checkpoints can have.
 *
 * @param json content of {@code config.json}, without the types of the weights
 * @param frames frames of a clip
 */
public record SyntheticConfig(JsonObject json, int frames) {
  /** The names of the shapes known here. */
  static final List<String> NAMES =
      List.of("frame64-s1t4", "frame96-s1t6", "frame128-s2t4", "medium", "long");

  /**
   * Finds a shape.
   *
   * @param like one of {@link #NAMES}, or the path of a {@code config.json} or its folder
   * @throws CheckpointException if there is none
   */
  public static SyntheticConfig like(String like) {
    return switch (like) {
      case "frame64-s1t4" -> released(64, 1, 4, 4096);
      case "frame96-s1t6" -> released(96, 1, 6, 3072);
      case "frame128-s2t4" -> released(128, 2, 4, 3072);
      case "medium" -> medium();
      case "long" -> longVideo();
      default -> ofFile(like);
    };
  }

  private static SyntheticConfig released(int frames, int s, int t, int maxPromptTokens) {
    JsonObject json = resource("released.json");
    json.addProperty("fast_token_temporal_sampling_stride", s);
    json.addProperty("fast_token_temporal_stride", t);
    json.addProperty("tokenizer_model_max_length", maxPromptTokens);
    return new SyntheticConfig(json, frames);
  }

  /** As large as a benchmark on two cores can bear. */
  private static SyntheticConfig medium() {
    JsonObject json = decoder(24, 896, 14, 2, 4864, 6);
    json.addProperty("vocab_size", 32_768);
    json.addProperty("mm_vision_tower", "convnext-384");
    json.addProperty("mm_hidden_size", 512);
    JsonObject tower = new JsonObject();
    tower.add("depths", array(2, 2, 6, 2));
    tower.add("dims", array(64, 128, 256, 512));
    tower.addProperty("image_size", 384);
    tower.addProperty("layer_norm_eps", 1e-5);
    json.add("mm_vision_config", tower);
    return new SyntheticConfig(json, 64);
  }

  /** A small SigLIP model of videos of 1,536 frames: 98,304 slow tokens, 16 x 64 fast ones. */
  private static SyntheticConfig longVideo() {
    JsonObject json = decoder(8, 256, 4, 2, 1024, 4);
    json.addProperty("vocab_size", 4096);
    json.addProperty("fast_token_temporal_stride", 96);
    json.addProperty("mm_vision_tower", "google/siglip-224");
    json.addProperty("mm_hidden_size", 384);
    JsonObject tower = new JsonObject();
    tower.addProperty("hidden_act", "gelu_pytorch_tanh");
    tower.addProperty("hidden_size", 384);
    tower.addProperty("intermediate_size", 1536);
    tower.addProperty("num_hidden_layers", 6);
    tower.addProperty("num_attention_heads", 6);
    tower.addProperty("image_size", 224);
    tower.addProperty("patch_size", 14);
    tower.addProperty("layer_norm_eps", 1e-6);
    json.add("mm_vision_config", tower);
    return new SyntheticConfig(json, 1536);
  }

  private static JsonObject decoder(
      int layers, int hidden, int heads, int keyHeads, int intermediate, int hybridEvery) {
    JsonObject json = resource("released.json");
    json.addProperty("num_hidden_layers", layers);
    json.addProperty("max_window_layers", layers);
    json.addProperty("hidden_size", hidden);
    json.addProperty("num_attention_heads", heads);
    json.addProperty("num_key_value_heads", keyHeads);
    json.addProperty("intermediate_size", intermediate);
    json.addProperty("cross_attn_every_n_layers", hybridEvery);
    json.addProperty("cross_attn_max_layer_depth", layers);
    return json;
  }

  private static JsonArray array(int... numbers) {
    JsonArray array = new JsonArray();
    for (int number : numbers) {
      array.add(number);
    }
    return array;
  }

  private static SyntheticConfig ofFile(String like) {
    Path given = Path.of(like);
    Path file = Files.isDirectory(given) ? given.resolve(ModelConfig.FILE) : given;
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s is neither one of %s nor a config.json".formatted(like, String.join(", ", NAMES)));
    }
    int frames =
        ModelConfig.readFile(file).frames().orElseGet(() -> Checkpoint.frames(folder(file)));
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      json.remove("quantization_config");
      return new SyntheticConfig(json, frames);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** A JSON object that is part of this program. */
  static JsonObject resource(String name) {
    try (Reader reader =
        new InputStreamReader(
            SyntheticConfig.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException | JsonParseException e) {
      throw new IllegalStateException(name + " is broken", e);
    }
  }
}
