package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.saccade.model.architecture.FastPathway;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final GenerationConfig GREEDY = GenerationConfig.read(Path.of("absent"), 7);

  @TempDir Path temporary;

  private Path folder;

  @BeforeEach
  void copy() {
    folder = TestData.copy(TestData.randomCheckpoint(), temporary.resolve("model"));
  }

  @Test
  void readsTheModel() {
    ModelInfo info = Checkpoint.open(folder).info(GREEDY, OptionalInt.empty());
    assertThat(info)
        .isEqualTo(
            new ModelInfo(
                "model",
                64,
                128,
                ResizeRule.SHORTEST_EDGE_CENTER_CROP,
                new FastPathway(1, 4, 1, 2),
                1024,
                512,
                4096,
                600,
                327_772));
  }

  @ParameterizedTest
  @CsvSource({
    "frame64-s1t4, 64",
    "slowfast-video-mllm-qwen2-7b-convnext-576-frame96-s1t6, 96",
    "frame128-s2t4, 128",
    "frame0, 64",
    "frame9999, 64",
    "frame12345, 64",
    "keyframes, 64",
  })
  void takesTheFramesFromTheFoldersName(String name, int frames) throws IOException {
    Path named = Files.move(folder, temporary.resolve(name));
    assertThat(Checkpoint.open(named).info(GREEDY, OptionalInt.empty()).frames()).isEqualTo(frames);
  }

  @Test
  void prefersTheOptionsFramesThenTheConfigs() {
    edit("num_frames", "24");
    Checkpoint checkpoint = Checkpoint.open(folder);
    assertThat(checkpoint.info(GREEDY, OptionalInt.empty()).frames()).isEqualTo(24);
    assertThat(checkpoint.info(GREEDY, OptionalInt.of(8)).frames()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model_type | \"llava_qwen\" | llava_qwen_slow_fast",
        "cross_attn_implementation | \"vanilla\" | text-only-vanilla-flashattn",
        "cross_attn_implementation | null | is missing",
        "cross_attn_gating_type | \"tanh\" | whole-dynamic-tanh-warmup",
        "mm_projector_type | \"linear\" | mlp2x_gelu",
        "mm_vision_tower | \"openai/clip-vit\" | a convnext or siglip tower",
        "mm_patch_merge_type | \"spatial\" | flat",
        "tile_image_input | true | false is needed",
        "use_sliding_window | true | false is needed",
        "rope_scaling | {\"type\":\"yarn\"} | null is needed",
        "hidden_act | \"gelu\" | silu",
        "num_hidden_layers | -1 | an integer from 1 to 1024",
        "num_hidden_layers | 1e9 | an integer from 1 to 1024",
        "num_hidden_layers | \"4\" | an integer from 1 to 1024",
        "num_hidden_layers | 4.5 | an integer from 1 to 1024",
        "num_key_value_heads | 3 | a divisor of num_attention_heads",
        "num_attention_heads | 7 | needed",
        "hidden_size | 66 | a multiple of twice num_attention_heads",
        "vocab_size | 0 | an integer from 1",
        "mm_hidden_size | 47 | an integer from 48 to 48",
        "mm_video_pooling_stride | 5 | an integer from 1 to 4",
        "fast_token_spatial_stride | 3 | an integer from 1 to 2",
        "fast_token_temporal_stride | 0 | an integer from 1",
        "cross_attn_max_layer_depth | 0 | an integer from 1",
        "num_frames | 0 | an integer from 1 to 4096",
        "rms_norm_eps | \"x\" | a number from",
        "tie_word_embeddings | 1 | true or false",
        "tokenizer_model_max_length | null | is missing",
        "mm_vision_config | {\"image_size\":100,\"depths\":[1,1,1,1],\"dims\":[1,1,1,1]} | mm_vision_config.image_size is 100, and a multiple of 32",
        "mm_vision_config | {\"image_size\":128,\"depths\":[1,1,1],\"dims\":[1,1,1,1]} | a list of 4 to 4",
        "mm_vision_config | 7 | an object is needed",
      })
  void refusesAConfigItCannotRun(String key, String value, String problem) {
    edit(key, value);
    assertRefused().withMessageContaining("config.json: ").withMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"a\":1} x", "{'a':1}"})
  void refusesAConfigThatIsNoObject(String text) throws IOException {
    Files.writeString(folder.resolve("config.json"), text);
    assertRefused().withMessageContaining("config.json");
  }

  @Test
  void refusesAConfigOfAnySize() throws IOException {
    Files.writeString(folder.resolve("config.json"), "[".repeat(900_000));
    assertRefused().withMessageContaining("is not JSON");
    Files.writeString(folder.resolve("config.json"), " ".repeat(2 << 20));
    assertRefused().withMessageContaining("has 2097152 bytes, and at most 1048576 are read");
  }

  @Test
  void refusesFoldersThatAreNone() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(empty))
        .withMessage(empty.resolve("config.json") + " is missing");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(temporary.resolve("absent")))
        .withMessageContaining("is not a folder");
  }

  @Test
  void refusesMissingWeights() throws IOException {
    Files.delete(folder.resolve(WEIGHTS));
    assertRefused().withMessageContaining("holds neither model.safetensors nor");
    Files.createFile(folder.resolve("pytorch_model.bin"));
    assertRefused()
        .withMessageContaining("pickled weights (pytorch_model.bin)")
        .withMessageContaining("model.save_pretrained(NEW_DIR, safe_serialization=True)")
        .withMessageContaining("copy config.json, generation_config.json and tokenizer.json");
  }

  @Test
  void refusesAMissingTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> VideoModel.load(folder, TestData.OPTIONS))
        .withMessageContaining("tokenizer.json is missing");
  }

  @Test
  void namesEveryTensorThatIsWrong() {
    TensorsFile.of(folder.resolve(WEIGHTS))
        .remove("model.layers.1.mlp.up_proj.weight")
        .reshape("model.layers.0.self_attn.k_proj.weight", 64L, 32L)
        .put("model.norm.weight", "I32", List.of(64L), new byte[256])
        .write(folder.resolve(WEIGHTS));
    assertRefused()
        .withMessageContaining("tensor model.layers.1.mlp.up_proj.weight [160, 64] is missing")
        .withMessageContaining(
            "tensor model.layers.0.self_attn.k_proj.weight has the shape [64, 32] where the config needs [32, 64]")
        .withMessageContaining(
            "tensor model.norm.weight has the type I32 where F32, F16 or BF16 is needed");
  }

  @Test
  void countsWrongTensorsBeyondTen() {
    edit("hidden_size", "72");
    assertRefused().withMessageMatching("(?s).*; and \\d+ more problems");
  }

  @Test
  void takesTheOtherNameOfTheLayerScale() {
    String block = "model.vision_tower.vision_tower.stages.0.blocks.0.";
    TensorsFile.of(folder.resolve(WEIGHTS))
        .rename(block + "weight", block + "gamma")
        .write(folder.resolve(WEIGHTS));
    assertThat(Checkpoint.open(folder).weights())
        .extracting(weight -> weight.values().entry().name())
        .contains(block + "gamma");
  }

  @Test
  void readsShards() throws IOException {
    shard("a.safetensors", "b.safetensors");
    assertThat(Checkpoint.open(folder).weights())
        .hasSameSizeAs(Checkpoint.open(TestData.randomCheckpoint()).weights());
  }

  @Test
  void refusesAShardThatIsMissing() throws IOException {
    shard("a.safetensors", "b.safetensors");
    Files.delete(folder.resolve("b.safetensors"));
    assertRefused().withMessageContaining("b.safetensors cannot be read");
  }

  @Test
  void refusesAnIndexThatLies() throws IOException {
    shard("a.safetensors", "b.safetensors");
    TestData.edit(
        folder.resolve(INDEX),
        json -> json.getAsJsonObject("weight_map").addProperty("lm_head.weight", "b.safetensors"));
    assertRefused()
        .withMessageContaining(
            "says that tensor lm_head.weight is in b.safetensors, where it is not");
  }

  @Test
  void refusesShardsThatHoldTheSameTensor() throws IOException {
    shard("a.safetensors", "b.safetensors");
    String name =
        SafetensorsFile.open(folder.resolve("a.safetensors")).entries().keySet().iterator().next();
    TensorsFile.of(folder.resolve("b.safetensors"))
        .put(name, "U8", List.of(1L), new byte[1])
        .write(folder.resolve("b.safetensors"));
    assertRefused()
        .withMessageContaining("b.safetensors: tensor " + name + " is in a.safetensors too");
  }

  @Test
  void refusesATensorThatTheIndexNamesTwice() throws IOException {
    shard("a.safetensors", "b.safetensors");
    String index = Files.readString(folder.resolve(INDEX));
    Files.writeString(
        folder.resolve(INDEX),
        index.replace("\"weight_map\":{", "\"weight_map\":{\"lm_head.weight\":\"c.safetensors\","));
    assertRefused().withMessageContaining("index.json gives lm_head.weight twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"quant_method\":\"gptq\",\"bits\":4} | quantization_config.quant_method is \"gptq\", and one of saccade is needed",
        "{\"bits\":4} | quantization_config.quant_method is missing",
        "4 | quantization_config is 4, and an object is needed",
      })
  void refusesQuantisationOfOtherKinds(String value, String problem) {
    edit("quantization_config", value);
    assertRefused().withMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../other.safetensors",
        "/etc/passwd",
        "sub/x.safetensors",
        "x.bin",
        "a\\u0000.safetensors"
      })
  void refusesAShardOutsideOfTheFolder(String name) throws IOException {
    Files.delete(folder.resolve(WEIGHTS));
    Files.writeString(folder.resolve(INDEX), "{\"weight_map\":{\"x\":\"%s\"}}".formatted(name));
    assertRefused().withMessageContaining("a .safetensors file of the same folder is needed");
  }

  private void shard(String first, String second) throws IOException {
    SafetensorsFile whole = SafetensorsFile.open(folder.resolve(WEIGHTS));
    TensorsFile firstShard = TensorsFile.of(folder.resolve(WEIGHTS));
    TensorsFile secondShard = TensorsFile.of(folder.resolve(WEIGHTS));
    JsonObject map = new JsonObject();
    for (String name : whole.entries().keySet()) {
      boolean inFirst = map.size() % 3 == 0;
      map.addProperty(name, inFirst ? first : second);
      (inFirst ? secondShard : firstShard).remove(name);
    }
    JsonObject index = new JsonObject();
    index.add("weight_map", map);
    firstShard.write(folder.resolve(first));
    secondShard.write(folder.resolve(second));
    Files.writeString(folder.resolve(INDEX), index.toString());
    Files.delete(folder.resolve(WEIGHTS));
  }

  private void edit(String key, String value) {
    TestData.edit(
        folder.resolve("config.json"),
        json -> json.add(key, new Gson().fromJson(value, JsonElement.class)));
  }

  private ThrowableAssertAlternative<CheckpointException> assertRefused() {
    return assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(folder))
        .withMessageContaining(folder.toString());
  }
}
