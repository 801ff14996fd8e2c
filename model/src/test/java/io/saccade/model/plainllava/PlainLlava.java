package io.saccade.model.plainllava;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.architecture.Architecture;
import io.saccade.model.architecture.Arrangement;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.MlpProjector;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.architecture.SampleConfig;
import io.saccade.model.architecture.TensorNames;
import io.saccade.model.architecture.tower.SiglipTower;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.text.PromptTemplate;
import io.saccade.model.text.PromptTemplate.ControlTokens;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A second architecture, with keys, names and words of its own: a plain LLaVA with a SigLIP tower,
 * all of whose tokens stand in the prompt of a Qwen2 or Llama decoder. This record and its line in
 * {@code META-INF/services} are all that it takes.
 */
public record PlainLlava() implements Architecture {
  private static final PromptTemplate PROMPT =
      new PromptTemplate(
          "A chat.</s>USER: ",
          "\n",
          " ASSISTANT: ",
          "</s>USER: ",
          "</s>",
          new ControlTokens("<pad>", List.of("</s>"), 1_000_000),
          16);

  /** Frame after frame, not pooled. */
  private record AllTokens() implements Arrangement {
    @Override
    public int pooling(int frames) {
      return 1;
    }

    @Override
    public int fastFrames(int frames) {
      return frames;
    }

    @Override
    public double[] windows(int frames) {
      return IntStream.range(0, frames * frames)
          .mapToDouble(i -> i / frames == i % frames ? 1 : 0)
          .toArray();
    }

    @Override
    public int fastPooling(int frames) {
      return 1;
    }
  }

  @Override
  public List<String> modelTypes() {
    return List.of("plain_llava");
  }

  @Override
  public ModelDescription read(JsonConfig config) {
    JsonConfig text = config.object("text_config");
    SiglipTower tower = SiglipTower.read(config.object("vision_config"), layers -> layers - 1);
    DecoderConfig decoder =
        DecoderConfig.read(text, layers -> List.of(), text.flag("attention_bias"));
    ModelDescription.refuseOtherQuantisation(config);
    return new ModelDescription(
        tower,
        new MlpProjector(tower.channels(), decoder.hidden()),
        new AllTokens(),
        decoder,
        PROMPT,
        new TensorNames()
            .with("tower.", "vision.", SiglipTower.huggingFaceNames())
            .with("projector.in", "multi_modal_projector.linear_1")
            .with("projector.out", "multi_modal_projector.linear_2")
            .with("", "language_model.", DecoderConfig.huggingFaceNames())
            .with("output", "language_model.head", "head"),
        ModelDescription.frames(config),
        text.integer("max_position_embeddings", 1, 1 << 24));
  }

  @Override
  public List<SampleConfig> sampleConfigs() {
    return List.of(sample("plain-llava-qwen2", true, true), sample("plain-llava", false, false));
  }

  private static SampleConfig sample(String name, boolean attentionBias, boolean tied) {
    JsonObject json =
        JsonParser.parseString(
                """
                {"model_type": "plain_llava",
                 "vision_config": {"hidden_act": "gelu_pytorch_tanh", "hidden_size": 32,
                   "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 4,
                   "image_size": 58, "patch_size": 14},
                 "text_config": {"hidden_act": "silu", "hidden_size": 64, "intermediate_size": 96,
                   "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
                   "max_position_embeddings": 512, "vocab_size": 400, "rope_theta": 10000,
                   "rms_norm_eps": 1e-5}}
                """)
            .getAsJsonObject();
    json.getAsJsonObject("text_config").addProperty("attention_bias", attentionBias);
    json.getAsJsonObject("text_config").addProperty("tie_word_embeddings", tied);
    return new SampleConfig(name, json, 3);
  }
}
