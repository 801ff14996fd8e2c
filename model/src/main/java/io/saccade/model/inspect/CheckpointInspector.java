package io.saccade.model.inspect;

import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.ConvNextTower;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.ModelConfig;
import io.saccade.model.architecture.ModelPart;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.weights.StoredWeight;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads off a checkpoint's config and headers what {@link CheckpointInspection} tells. */
final class CheckpointInspector {
  /** No id: stands for the end that only the tokenizer knows. */
  private static final long UNKNOWN = -1;

  private final Checkpoint checkpoint;
  private final ModelConfig config;

  CheckpointInspector(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
  }

  CheckpointInspection inspect(long machineBytes) {
    CheckpointInspection.Tokens tokens = tokens(config, checkpoint.frames());
    return new CheckpointInspection(
        checkpoint.name(),
        decoder(config.decoder()),
        new CheckpointInspection.Tower(
            config.tower() instanceof ConvNextTower ? "convnext" : "siglip",
            config.tower().depths(),
            config.tower().channels(),
            config.tower().grid()),
        checkpoint.parameters(),
        checkpoint.bytes(),
        weights(),
        checkpoint.quantisation().map(Quantisation::toString).orElse(null),
        new CheckpointInspection.Profile(
            checkpoint.frames(),
            config.tower().imageSize(),
            config.tower().resizeRule(),
            config.fastPathway()),
        tokens,
        generation(),
        MemoryEstimate.of(checkpoint, tokens, machineBytes));
  }

  private static CheckpointInspection.Decoder decoder(DecoderConfig decoder) {
    return new CheckpointInspection.Decoder(
        decoder.layers(),
        decoder.hybridLayers(),
        decoder.hidden(),
        decoder.heads(),
        decoder.keyHeads(),
        decoder.headSize(),
        decoder.intermediate(),
        decoder.vocabulary(),
        decoder.tiedEmbeddings());
  }

  private List<CheckpointInspection.Weights> weights() {
    Map<List<Object>, CheckpointInspection.Weights> sums = new LinkedHashMap<>();
    for (StoredWeight weight : checkpoint.weights()) {
      ModelPart part = ModelPart.of(weight.spec());
      String type = weight.storedAs();
      sums.merge(
          List.of(part, type),
          new CheckpointInspection.Weights(part, type, 1, weight.spec().elements(), weight.bytes()),
          CheckpointInspector::sum);
    }
    return sums.values().stream().sorted((a, b) -> a.part().compareTo(b.part())).toList();
  }

  private static CheckpointInspection.Weights sum(
      CheckpointInspection.Weights a, CheckpointInspection.Weights b) {
    return new CheckpointInspection.Weights(
        a.part(),
        a.type(),
        a.tensors() + b.tensors(),
        a.parameters() + b.parameters(),
        a.bytes() + b.bytes());
  }

  /** An image, a clip of one frame, has all its tokens in both pathways. */
  static CheckpointInspection.Tokens tokens(ModelConfig config, int frames) {
    int grid = config.tower().grid();
    int slowSide = frames == 1 ? grid : grid / config.slowStride();
    long fastSide = slowSide / config.fastPathway().spatialStride(frames);
    long fastFrames = config.fastPathway().windows(frames).length / frames;
    long fast = fastFrames * fastSide * fastSide;
    return new CheckpointInspection.Tokens(
        slowSide,
        (long) frames * slowSide * slowSide,
        fast,
        config.maxPromptTokens(),
        config.maxPromptTokens() - fast,
        config.decoder().maxPositions());
  }

  private CheckpointInspection.Generation generation() {
    if (!Files.exists(checkpoint.folder().resolve(GenerationConfig.FILE))) {
      return null;
    }
    GenerationConfig generation = GenerationConfig.read(checkpoint.folder(), UNKNOWN);
    return new CheckpointInspection.Generation(
        generation.endIds().stream().filter(id -> id != UNKNOWN).sorted().toList(),
        generation.sample(),
        generation.temperature(),
        generation.topP(),
        generation.topK(),
        generation.repetitionPenalty());
  }
}
