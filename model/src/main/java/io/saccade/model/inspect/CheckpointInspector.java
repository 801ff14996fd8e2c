package io.saccade.model.inspect;

import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.ModelPart;
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
  private final ModelDescription model;

  CheckpointInspector(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.model = checkpoint.model();
  }

  CheckpointInspection inspect(long machineBytes) {
    CheckpointInspection.Tokens tokens = tokens(model, checkpoint.frames());
    return new CheckpointInspection(
        checkpoint.name(),
        decoder(model.decoder()),
        new CheckpointInspection.Tower(
            model.tower().kind(),
            model.tower().depths(),
            model.tower().channels(),
            model.tower().grid()),
        checkpoint.parameters(),
        checkpoint.bytes(),
        weights(),
        checkpoint.quantisation().map(Quantisation::toString).orElse(null),
        new CheckpointInspection.Profile(
            checkpoint.frames(),
            model.tower().imageSize(),
            model.tower().resizeRule(),
            model.arrangement().fastPathway()),
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
      ModelPart part = weight.spec().part();
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

  static CheckpointInspection.Tokens tokens(ModelDescription model, int frames) {
    long fast = model.fastTokens(frames);
    return new CheckpointInspection.Tokens(
        model.pooledGrid(frames),
        model.slowTokens(frames),
        fast,
        model.maxPromptTokens(),
        model.maxPromptTokens() - fast,
        model.decoder().maxPositions());
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
