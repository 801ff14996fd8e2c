package io.saccade.worker;

import io.saccade.model.ClipEncoding;
import io.saccade.model.Generation;
import io.saccade.model.ModelInfo;
import io.saccade.model.Sequence;
import io.saccade.model.VideoModel;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.text.Conversation;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A loaded model behind the contract's types. */
public final class ModelEngine implements Engine {

  private final VideoModel model;
  private final ModelCard card;

  /**
   * Takes over a loaded model, which {@link #close} closes; its clips are sampled uniformly.
   *
   * @param name what questions call the model
   * @param description what it can answer, for people; may be empty
   */
  public ModelEngine(VideoModel model, String name, String description) {
    this(model, name, description, SamplingPolicy.UNIFORM, 0);
  }

  /**
   * The same with a choice of frames.
   *
   * @param policy which frames of a video become a clip
   * @param rate of a policy by rate, in frames a second, above 0; 0 with UNIFORM
   */
  public ModelEngine(
      VideoModel model, String name, String description, SamplingPolicy policy, double rate) {
    this.model = model;
    this.card = card(model.info(), name, description, policy, rate);
  }

  private static ModelCard card(
      ModelInfo info, String name, String description, SamplingPolicy policy, double rate) {
    return ModelCard.newBuilder()
        .setName(name)
        .setDescription(description)
        .setProfile(
            SamplingProfile.newBuilder()
                .setFrames(info.frames())
                .setImageSize(info.imageSize())
                .setResize(
                    switch (info.resizeRule()) {
                      case SHORTEST_EDGE_CENTER_CROP -> ResizeRule.SHORTEST_EDGE_CENTER_CROP;
                      case SQUASH -> ResizeRule.SQUASH;
                    })
                .setPolicy(policy)
                .setRate(rate)
                .setFastStride(info.fastPathway().temporalSamplingStride())
                .setMinFastFrames(info.fastPathway().minFastFrames()))
        .setMaxPromptTokens(info.maxPromptTokens())
        .setMaxNewTokens(info.maxNewTokensLimit())
        .build();
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public long clipBytes(int frames) {
    return model.clipBytes(frames);
  }

  @Override
  public Looking looking(List<ByteBuffer> frames) {
    return new Encoding(model.encoding(frames));
  }

  @Override
  public Answering answering(Question question, int frames) {
    return new Answer(model.sequence(conversation(question), options(question), frames));
  }

  @Override
  public void decode(List<Answering> batch) {
    model.decode(batch.stream().map(answering -> ((Answer) answering).sequence()).toList());
  }

  @Override
  public void close() {
    model.close();
  }

  private static Conversation conversation(Question question) {
    List<Conversation.Turn> earlier =
        question.getEarlierTurnsList().stream()
            .map(turn -> new Conversation.Turn(turn.getQuestion(), turn.getAnswer()))
            .toList();
    return new Conversation(earlier, question.getText());
  }

  private static GenerationOptions options(Question question) {
    var asked = question.getOptions();
    return new GenerationOptions(
        asked.getDecodeMode() == io.saccade.proto.v1.DecodeMode.ALL_TEXT
            ? DecodeMode.ALL_TEXT
            : DecodeMode.PROMPT,
        asked.hasMaxNewTokens() ? OptionalInt.of(asked.getMaxNewTokens()) : OptionalInt.empty(),
        asked.hasTemperature() ? OptionalDouble.of(asked.getTemperature()) : OptionalDouble.empty(),
        asked.hasTopP() ? OptionalDouble.of(asked.getTopP()) : OptionalDouble.empty(),
        asked.hasTopK() ? OptionalInt.of(asked.getTopK()) : OptionalInt.empty(),
        asked.hasRepetitionPenalty()
            ? OptionalDouble.of(asked.getRepetitionPenalty())
            : OptionalDouble.empty(),
        asked.hasSeed() ? OptionalLong.of(asked.getSeed()) : OptionalLong.empty(),
        asked.getStopList());
  }

  /** The model's encoding of a clip as a look at it. */
  private record Encoding(ClipEncoding encoding) implements Looking {

    @Override
    public boolean step() {
      return encoding.step();
    }

    @Override
    public Clip clip() {
      return new Features(encoding.features());
    }

    @Override
    public void close() {
      encoding.close();
    }
  }

  /** The model's features as a clip. */
  private record Features(ClipFeatures features) implements Clip {

    @Override
    public long bytes() {
      return features.bytes();
    }

    @Override
    public void close() {
      features.close();
    }
  }

  /** The model's sequence as an answer. */
  private record Answer(Sequence sequence) implements Answering {

    @Override
    public long bytes() {
      return sequence.bytes();
    }

    @Override
    public void begin(Clip clip) {
      sequence.begin(((Features) clip).features());
    }

    @Override
    public boolean prefill() {
      return sequence.prefill();
    }

    @Override
    public boolean finished() {
      return sequence.finished();
    }

    @Override
    public String takeText() {
      return sequence.takeText();
    }

    @Override
    public Generation generation() {
      return sequence.generation();
    }

    @Override
    public void close() {
      sequence.close();
    }
  }
}
