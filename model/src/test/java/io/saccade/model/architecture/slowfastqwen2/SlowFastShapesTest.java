package io.saccade.model.architecture.slowfastqwen2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.VisionTower;
import io.saccade.model.architecture.tower.SiglipTower;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowFastShapesTest {
  private static final String SIGLIP =
      "{'mm_vision_tower':'google/siglip-so400m-patch14-384','mm_vision_select_layer':%d,'mm_vision_config':{'hidden_act':'gelu_pytorch_tanh','hidden_size':48,'intermediate_size':112,'num_hidden_layers':4,'num_attention_heads':4,'image_size':113,'patch_size':14}}";

  @TempDir Path folder;

  /** 7,615,616,512 is the published size of Qwen2-7B. */
  @Test
  void countsTheParametersOfQwen2() {
    DecoderConfig qwen = qwen2(List.of());
    assertThat(parameters(qwen.tensors())).isEqualTo(7_615_616_512L);
    assertThat(qwen.headSize()).isEqualTo(128);
  }

  @Test
  void countsTheParametersOfHybridLayers() {
    long hybrid = parameters(qwen2(List.of(0, 8, 16, 24)).tensors()) - 7_615_616_512L;
    assertThat(hybrid).isEqualTo(4 * (1024L * 3584 + 1024 + 3584 + 1 + 1));
  }

  /** ConvNeXt-XXL without its head, as a released config names it: no shape given. */
  @Test
  void knowsTheReleasedTower() throws IOException {
    VisionTower tower = SlowFastQwen2.tower(config("{'mm_vision_tower':'convnext-576'}"));
    assertThat(parameters(tower.tensors())).isBetween(843_300_000L, 843_500_000L);
    assertThat(tower.imageSize()).isEqualTo(576);
    assertThat(tower.grid()).isEqualTo(18);
    assertThat(tower.channels()).isEqualTo(3072);
  }

  @ParameterizedTest
  @CsvSource({"-2, 3", "-1, 4", "-5, 0", "4, 4", "1, 1"})
  void runsSiglipUpToTheSelectedLayer(int select, int layers) throws IOException {
    VisionTower tower = SlowFastQwen2.tower(config(SIGLIP.formatted(select)));
    assertThat(tower).isEqualTo(new SiglipTower(layers, 48, 112, 4, 113, 14, 1e-6));
    assertThat(tower.grid()).isEqualTo(8);
    assertThat(tower.resizeRule()).isEqualTo(ResizeRule.SQUASH);
    assertThat(tower.tensors()).hasSize(3 + 16 * layers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'num_hidden_layers':4 | 'num_hidden_layers':0 | num_hidden_layers",
        "'patch_size':14 | 'patch_size':114 | patch_size",
        "'num_attention_heads':4 | 'num_attention_heads':5 | hidden_size",
        "'gelu_pytorch_tanh' | 'gelu' | hidden_act",
        "'mm_vision_select_layer':-2 | 'mm_vision_select_layer':-6 | mm_vision_select_layer",
        "'mm_vision_config' | 'other' | mm_vision_config",
      })
  void refusesASiglipTowerItCannotRun(String found, String changed, String key) throws IOException {
    JsonConfig config = config(SIGLIP.formatted(-2).replace(found.strip(), changed.strip()));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> SlowFastQwen2.tower(config))
        .withMessageContaining(key);
  }

  private static DecoderConfig qwen2(List<Integer> hybridLayers) {
    return new DecoderConfig(
        28, hybridLayers, 3584, 28, 4, 18_944, 152_064, 32_768, 1e6, 1e-6, true, false);
  }

  private static long parameters(List<TensorSpec> specs) {
    return specs.stream().mapToLong(TensorSpec::elements).sum();
  }

  private JsonConfig config(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), json.replace('\'', '"'));
    return JsonConfig.read(file, 1 << 20);
  }
}
