package io.saccade.proto;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.saccade.proto.Topic.Cleanup;
import io.saccade.proto.Topic.Partitioning;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All topics of the contract. Keys are UTF-8 strings, values protobuf messages. */
public final class Topics {

  /** The prefix of all topic names unless configured otherwise. */
  public static final String DEFAULT_PREFIX = "saccade.";

  /** Models that workers serve; written by workers. */
  public static final Topic<ModelCard> MODELS =
      new Topic<>(
          "models",
          ModelCard.parser(),
          ModelCard::getName,
          Partitioning.SINGLE,
          Cleanup.COMPACT,
          Duration.ZERO);

  /** Videos that can be asked about; written by producers. */
  public static final Topic<VideoReference> VIDEOS =
      new Topic<>(
          "videos",
          VideoReference.parser(),
          VideoReference::getVideoId,
          Partitioning.BY_VIDEO,
          Cleanup.COMPACT,
          Duration.ZERO);

  /** Questions; written by producers. */
  public static final Topic<Question> QUESTIONS =
      byVideo("questions", Question.parser(), Question::getVideoId, Duration.ofDays(7));

  /** Clips to sample; written by the router. */
  public static final Topic<SamplingRequest> SAMPLING_REQUESTS =
      byVideo(
          "sampling-requests",
          SamplingRequest.parser(),
          SamplingRequest::getVideoId,
          Duration.ofDays(1));

  /**
   * Frame tensors; written by the sampler. The key is the video id, which the value does not
   * repeat: its own id is the clip's.
   */
  public static final Topic<FrameTensor> FRAMES =
      byVideo("frames", FrameTensor.parser(), FrameTensor::getClipId, Duration.ofHours(6));

  /** Manifests of sampled clips, or why there is none; written by the sampler. */
  public static final Topic<ClipManifest> CLIPS =
      byVideo("clips", ClipManifest.parser(), ClipManifest::getVideoId, Duration.ofDays(1));

  /** Questions whose clip is ready; written by the router. */
  public static final Topic<InferenceRequest> INFERENCE_REQUESTS =
      byVideo(
          "inference-requests",
          InferenceRequest.parser(),
          request -> request.getQuestion().getVideoId(),
          Duration.ofDays(1));

  /** Pieces of answers as they are generated, best effort; written by workers. */
  public static final Topic<AnswerChunk> ANSWER_CHUNKS =
      byVideo(
          "answer-chunks", AnswerChunk.parser(), AnswerChunk::getVideoId, Duration.ofMinutes(10));

  /** What workers made of requests; written by workers. */
  public static final Topic<Result> RESULTS =
      byVideo("results", Result.parser(), Result::getVideoId, Duration.ofDays(1));

  /** The one final record of each question; written by the router alone. */
  public static final Topic<Answer> ANSWERS =
      byVideo("answers", Answer.parser(), Answer::getVideoId, Duration.ofDays(7));

  /** Questions asked of every window of live feeds; written by producers. */
  public static final Topic<StandingQuestion> STANDING_QUESTIONS =
      new Topic<>(
          "standing-questions",
          StandingQuestion.parser(),
          StandingQuestion::getQuestionId,
          Partitioning.SINGLE,
          Cleanup.COMPACT,
          Duration.ZERO);

  /** What became of live feeds; written by samplers. */
  public static final Topic<FeedStatus> FEED_STATUS =
      byVideo("feed-status", FeedStatus.parser(), FeedStatus::getVideoId, Duration.ofDays(7));

  /** Matches of standing questions; written by the router alone. */
  public static final Topic<Alert> ALERTS =
      byVideo("alerts", Alert.parser(), Alert::getVideoId, Duration.ofDays(7));

  /** Records that a role could not use, as they were. */
  public static final Topic<DeadLetter> DEAD_LETTERS =
      new Topic<>(
          "dead-letters",
          DeadLetter.parser(),
          DeadLetter::getTopic,
          Partitioning.SINGLE,
          Cleanup.DELETE,
          Duration.ofDays(7));

  /** Every topic, in the order of the flow. */
  public static final List<Topic<?>> ALL =
      List.of(
          MODELS,
          VIDEOS,
          QUESTIONS,
          STANDING_QUESTIONS,
          SAMPLING_REQUESTS,
          FRAMES,
          CLIPS,
          FEED_STATUS,
          INFERENCE_REQUESTS,
          ANSWER_CHUNKS,
          RESULTS,
          ANSWERS,
          ALERTS,
          DEAD_LETTERS);

  private Topics() {}

  /** The topic of this name without prefix. */
  public static Optional<Topic<?>> named(String name) {
    return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
  }

  private static <V extends MessageLite> Topic<V> byVideo(
      String name, Parser<V> parser, Function<V, String> id, Duration retention) {
    return new Topic<>(name, parser, id, Partitioning.BY_VIDEO, Cleanup.DELETE, retention);
  }
}
