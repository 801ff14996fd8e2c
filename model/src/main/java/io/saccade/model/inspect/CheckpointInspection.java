package io.saccade.model.inspect;

import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.FastPathway;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.graph.Host;
import java.nio.file.Path;
import java.util.List;

/**
 * What a checkpoint folder holds and what it costs to run, told without reading a weight.
 *
 * @param name the name of the folder
 * @param decoder shape of the language model
 * @param tower shape of the vision tower
 * @param parameters number of weights
 * @param bytes of the weights, scales included
 * @param weights parameters and bytes by part and type
 * @param quantisation {@code int8} or {@code int4}, or null
 * @param profile how videos are sampled
 * @param tokens of a clip and a prompt
 * @param generation what {@code generation_config.json} says, or null without one
 * @param memory what running it takes
 */
public record CheckpointInspection(
    String name,
    Decoder decoder,
    Tower tower,
    long parameters,
    long bytes,
    List<Weights> weights,
    String quantisation,
    Profile profile,
    Tokens tokens,
    Generation generation,
    MemoryEstimate memory) {

  /**
   * Shape of the decoder.
   *
   * @param layers number of layers
   * @param hybridLayers those whose text tokens read the slow tokens; empty where there are none
   * @param hidden width of a token
   * @param heads query heads
   * @param keyHeads key and value heads
   * @param headSize width of a head
   * @param intermediate width of the MLP
   * @param vocabulary number of token ids
   * @param tiedEmbeddings whether the output layer is the embedding table
   */
  public record Decoder(
      int layers,
      List<Integer> hybridLayers,
      int hidden,
      int heads,
      int keyHeads,
      int headSize,
      int intermediate,
      int vocabulary,
      boolean tiedEmbeddings) {}

  /**
   * Shape of the vision tower.
   *
   * @param kind {@code convnext} or {@code siglip}
   * @param depths blocks of each stage
   * @param channels width of a token
   * @param grid side of a frame's token grid
   */
  public record Tower(String kind, List<Integer> depths, int channels, int grid) {}

  /**
   * The weights of one part in one type.
   *
   * @param part the part
   * @param type {@code BF16}, {@code int4}
   * @param tensors how many
   * @param parameters number of weights
   * @param bytes that they occupy, scales included
   */
  public record Weights(ModelPart part, String type, int tensors, long parameters, long bytes) {}

  /**
   * How a video becomes a clip.
   *
   * @param frames frames of a clip
   * @param imageSize side of a frame in pixels
   * @param resizeRule how a frame becomes that square
   * @param fastPathway how its tokens become fast tokens
   */
  public record Profile(
      int frames, int imageSize, ResizeRule resizeRule, FastPathway fastPathway) {}

  /**
   * Tokens of a clip of {@link Profile#frames} frames, and of prompts.
   *
   * @param slowGrid side of a frame's grid of slow tokens
   * @param slow slow tokens of the clip
   * @param fast fast tokens of the clip, which stand in every prompt on it
   * @param maxPrompt the most tokens of a prompt, fast tokens included
   * @param maxText tokens left for the text of a prompt, negative if the clip alone is too long
   * @param maxPositions positions that the decoder was trained for, prompt and answer together
   */
  public record Tokens(
      int slowGrid, long slow, long fast, int maxPrompt, long maxText, int maxPositions) {}

  /**
   * How tokens are chosen where a request does not say.
   *
   * @param endIds ids that end an answer; empty if the file names none
   * @param sample whether tokens are drawn at random
   * @param temperature temperature of the draws
   * @param topP probability kept
   * @param topK tokens kept, 0 for all
   * @param repetitionPenalty penalty of repeated tokens, 1 for none
   */
  public record Generation(
      List<Long> endIds,
      boolean sample,
      double temperature,
      double topP,
      int topK,
      double repetitionPenalty) {}

  /**
   * Looks at a folder, for this machine: in a container, for what it may have.
   *
   * @throws CheckpointException if the folder cannot be used
   */
  public static CheckpointInspection of(Path folder) {
    return of(folder, Host.memoryBytes());
  }

  /**
   * Looks at a folder.
   *
   * @param machineBytes memory of the machine that would run it
   * @throws CheckpointException if the folder cannot be used
   */
  public static CheckpointInspection of(Path folder, long machineBytes) {
    return new CheckpointInspector(Checkpoint.open(folder)).inspect(machineBytes);
  }
}
