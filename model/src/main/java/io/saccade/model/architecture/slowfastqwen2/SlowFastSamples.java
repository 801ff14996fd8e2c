package io.saccade.model.architecture.slowfastqwen2;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.architecture.SampleConfig;
import io.saccade.model.architecture.ScriptFile;
import java.util.List;

/** The released shapes, and smaller ones for benchmarks. */
final class SlowFastSamples {
  private SlowFastSamples() {}

  static List<SampleConfig> all() {
    return List.of(
        released("frame64-s1t4", 64, 1, 4, 4096),
        released("frame96-s1t6", 96, 1, 6, 3072),
        released("frame128-s2t4", 128, 2, 4, 3072),
        medium(),
        longVideo());
  }

  private static SampleConfig released(String name, int frames, int s, int t, int maxPromptTokens) {
    JsonObject json = released();
    json.addProperty("fast_token_temporal_sampling_stride", s);
    json.addProperty("fast_token_temporal_stride", t);
    json.addProperty("tokenizer_model_max_length", maxPromptTokens);
    return new SampleConfig(name, json, frames);
  }

  /** As large as a benchmark on two cores can bear. */
  private static SampleConfig medium() {
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
    return new SampleConfig("medium", json, 64);
  }

  /** A small SigLIP model of videos of 1,536 frames: 98,304 slow tokens, 16 x 64 fast ones. */
  private static SampleConfig longVideo() {
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
    return new SampleConfig("long", json, 1536);
  }

  private static JsonObject decoder(
      int layers, int hidden, int heads, int keyHeads, int intermediate, int hybridEvery) {
    JsonObject json = released();
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

  /** What the released configs have in common. */
  private static JsonObject released() {
    String text = new ScriptFile(SlowFastSamples.class, "released.json").text();
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
