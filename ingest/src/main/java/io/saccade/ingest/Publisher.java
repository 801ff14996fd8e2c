package io.saccade.ingest;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.bus.Problems;
import io.saccade.proto.Limits;
import io.saccade.proto.LiveTimes;
import io.saccade.proto.Times;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Publishes video references, questions and standing questions. A record counts as published when
 * its future completes: then all in-sync replicas have it. Safe for use by several threads.
 */
public final class Publisher implements AutoCloseable {

  private static final double MIN_SPEED = 0.001;
  private static final double MAX_SPEED = 100;

  private final ContractProducer outlet;

  private Publisher(ContractProducer outlet) {
    this.outlet = outlet;
  }

  /**
   * Opens a producer.
   *
   * @throws IllegalArgumentException if Kafka refuses the settings
   */
  public static Publisher open(BusConfig config) {
    try {
      return new Publisher(new ContractProducer(config));
    } catch (KafkaException e) {
      throw BusCheck.unusable(e);
    }
  }

  /**
   * Publishes a video, replacing what was known of its id.
   *
   * @return where the record lies, once acknowledged; fails with {@link IngestException}
   * @throws io.saccade.bus.ConfigException if a field is outside the contract's range: nobody would
   *     answer for it later
   */
  public CompletableFuture<RecordMetadata> publish(VideoReference video) {
    check(video);
    return send(Topics.VIDEOS, video.getVideoId(), video);
  }

  /**
   * Forgets a video: questions about it find none from then on, and a feed is followed no more.
   *
   * @return where the record lies, once acknowledged; fails with {@link IngestException}
   * @throws io.saccade.bus.ConfigException if the id is missing or too long
   */
  public CompletableFuture<RecordMetadata> forget(String videoId) {
    Problems problems = new Problems();
    checkId(problems, "video-id", videoId);
    problems.throwIfAny("video");
    return send(Topics.VIDEOS, videoId, null);
  }

  /**
   * Publishes a question. What is wrong with the question itself becomes its FAILED answer; only
   * one that no answer could name is refused here.
   *
   * @return where the record lies, once acknowledged; fails with {@link IngestException}
   * @throws io.saccade.bus.ConfigException if an id is missing or too long
   */
  public CompletableFuture<RecordMetadata> publish(Question question) {
    Problems problems = new Problems();
    checkId(problems, "question-id", question.getQuestionId());
    checkId(problems, "video-id", question.getVideoId());
    problems.unless(
        !Limits.isWindowId(question.getQuestionId()),
        "question-id",
        question.getQuestionId(),
        "must not end in # and 32 hexadecimal digits, like those of standing questions' windows");
    problems.throwIfAny("question");
    return send(Topics.QUESTIONS, question.getVideoId(), question);
  }

  /**
   * Publishes a standing question, replacing what was asked under its id. It is asked of the
   * windows that come from now on.
   *
   * @return where the record lies, once acknowledged; fails with {@link IngestException}
   * @throws io.saccade.bus.ConfigException if a field is outside the contract's range: nobody would
   *     ask it
   */
  public CompletableFuture<RecordMetadata> publish(StandingQuestion standing) {
    StandingCheck.require(standing);
    return send(Topics.STANDING_QUESTIONS, standing.getQuestionId(), standing);
  }

  /**
   * Cancels a standing question: it is asked of no further window.
   *
   * @return where the record lies, once acknowledged; fails with {@link IngestException}
   * @throws io.saccade.bus.ConfigException if the id is missing or too long for any
   */
  public CompletableFuture<RecordMetadata> cancel(String standingId) {
    Problems problems = new Problems();
    checkId(problems, "question-id", standingId);
    problems.throwIfAny("standing question");
    return send(Topics.STANDING_QUESTIONS, standingId, null);
  }

  /**
   * Waits for an acknowledgement.
   *
   * @throws IngestException if it does not come within {@code patience}
   */
  public static RecordMetadata await(CompletableFuture<RecordMetadata> sent, Duration patience) {
    try {
      return sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IngestException(
          "the broker did not acknowledge the record within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IngestException ingest
          ? ingest
          : new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IngestException("interrupted before the broker acknowledged the record", e);
    }
  }

  /** Waits a few seconds for what is under way and closes the producer. */
  @Override
  public void close() {
    outlet.close();
  }

  /** Sends a message, or null: a tombstone. */
  private <V extends MessageLite> CompletableFuture<RecordMetadata> send(
      Topic<V> topic, String key, V value) {
    return outlet
        .send(topic, key, value)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(explained(topic, value, failure)));
  }

  private static IngestException explained(Topic<?> topic, MessageLite value, Throwable failure) {
    if (failure instanceof RecordTooLargeException && value != null) {
      return new IngestException.TooLarge(
          "a record of "
              + value.getSerializedSize()
              + " bytes is too large for "
              + topic.name()
              + ": Kafka's limit is max.request.size of the producer and max.message.bytes of the"
              + " topic, 1 MiB unless set; send less",
          failure);
    }
    return new IngestException(
        "the record for " + topic.name() + " was not written: " + failure.getMessage(), failure);
  }

  private static void check(VideoReference video) {
    Problems problems = new Problems();
    checkId(problems, "video-id", video.getVideoId());
    problems
        .unless(
            Limits.isUri(video.getUri()),
            "uri",
            Limits.characters(video.getUri()) + " characters",
            "must have 1 to " + Limits.URI_CHARS)
        .unless(
            video.getLabelsCount() <= Limits.LABELS,
            "label",
            video.getLabelsCount() + " labels",
            "at most " + Limits.LABELS)
        .unless(
            Limits.areLabels(video.getLabelsMap()),
            "label",
            "too long",
            "its name and its value must have at most " + Limits.LABEL_CHARS + " characters");
    checkRange(problems, video.getRange());
    checkLive(problems, video);
    problems.throwIfAny("video");
  }

  private static void checkLive(Problems problems, VideoReference video) {
    if (video.getKind() != VideoKind.VIDEO_KIND_LIVE) {
      problems.unless(!video.hasLive(), "live", "options", "are for live videos only");
      return;
    }
    double speed = video.getLive().getSpeed();
    problems
        .unless(!video.hasRange(), "range", "set", "a live video has none")
        .unless(
            speed == 0 || (speed >= MIN_SPEED && speed <= MAX_SPEED),
            "speed",
            speed,
            "must be 0.001 to 100")
        .unless(
            speed == 0 || speed == 1 || video.getUri().startsWith("file:"),
            "speed",
            speed,
            "is for files only");
    try {
      var unused = LiveTimes.of(video.getLive());
    } catch (IllegalArgumentException e) {
      problems.unless(false, "live", "options", e.getMessage());
    }
  }

  private static void checkRange(Problems problems, TimeRange range) {
    if (range.hasFrom() && range.hasTo()) {
      Duration from = Times.java(range.getFrom());
      Duration to = Times.java(range.getTo());
      problems.unless(from.compareTo(to) < 0, "to", to, "must be after from=" + from);
    }
  }

  private static void checkId(Problems problems, String name, String id) {
    int characters = Limits.characters(id);
    problems.unless(
        Limits.isId(id),
        name,
        characters > Limits.ID_CHARS ? characters + " characters" : "'" + id + "'",
        "must have 1 to " + Limits.ID_CHARS + " characters");
  }
}
