package io.saccade.cli.local;

import io.saccade.bus.BusConfig;
import io.saccade.ingest.AnswerReader;
import io.saccade.ingest.ChunkReader;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.Publisher;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Asks questions and waits for their answers, over Kafka as any other client of the service. Not
 * thread-safe.
 */
public final class QuestionClient implements AutoCloseable {

  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  /** For each of two readers that are polled in turn. */
  private static final Duration SHORT_POLL = Duration.ofMillis(20);

  private final Lifecycle lifecycle;
  private final Publisher publisher;
  private final AnswerReader answers;
  private final Optional<ChunkReader> chunks;
  private final Consumer<AnswerChunk> eachChunk;

  /**
   * Opens a publisher and a reader of the answers.
   *
   * @param lifecycle of the roles; if one of them stops, {@link #ask} stops waiting
   * @param bus settings of a client of the broker
   */
  public QuestionClient(Lifecycle lifecycle, BusConfig bus) {
    this(lifecycle, bus, Optional.empty(), chunk -> {});
  }

  private QuestionClient(
      Lifecycle lifecycle,
      BusConfig bus,
      Optional<ChunkReader> chunks,
      Consumer<AnswerChunk> eachChunk) {
    this.lifecycle = lifecycle;
    this.publisher = Publisher.open(bus);
    this.answers = AnswerReader.fromNow(bus);
    this.chunks = chunks;
    this.eachChunk = eachChunk;
  }

  /**
   * Opens a client that also reads the pieces of answers while they are generated.
   *
   * @param lifecycle of the roles; if one of them stops, {@link #ask} stops waiting
   * @param bus settings of a client of the broker
   * @param eachChunk called by {@link #ask} with each piece of any answer; some may be missing
   */
  public static QuestionClient streaming(
      Lifecycle lifecycle, BusConfig bus, Consumer<AnswerChunk> eachChunk) {
    return new QuestionClient(lifecycle, bus, Optional.of(ChunkReader.fromNow(bus)), eachChunk);
  }

  /** Publishes a video and waits until the broker has acknowledged it, 30 s at most. */
  public void publish(VideoReference video) {
    Publisher.await(publisher.publish(video), PUBLISH_TIMEOUT);
  }

  /**
   * Publishes questions and waits for all their answers.
   *
   * @param questions with distinct ids
   * @param timeout for all of them together
   * @param each called with each answer when it arrives
   * @return the answers by question id
   * @throws IngestException if some do not arrive in time
   * @throws ExecutionException if a role has stopped, with the reason
   * @throws InterruptedException if the thread is interrupted
   */
  public Map<String, Answer> ask(
      Collection<Question> questions, Duration timeout, Consumer<Answer> each)
      throws ExecutionException, InterruptedException {
    questions.stream()
        .map(publisher::publish)
        .toList()
        .forEach(sent -> Publisher.await(sent, PUBLISH_TIMEOUT));
    Set<String> asked = questions.stream().map(Question::getQuestionId).collect(Collectors.toSet());
    Map<String, Answer> got = new HashMap<>();
    Instant end = Instant.now().plus(timeout);
    while (got.size() < asked.size()) {
      lifecycle.requireNoFailure();
      if (Instant.now().isAfter(end)) {
        throw new IngestException(
            (asked.size() - got.size()) + " of " + asked.size() + " answers did not come in time");
      }
      chunks.ifPresent(reader -> reader.poll(SHORT_POLL, eachChunk));
      answers.poll(
          chunks.isPresent() ? SHORT_POLL : POLL,
          answer -> {
            if (asked.contains(answer.getQuestionId())) {
              got.put(answer.getQuestionId(), answer);
              each.accept(answer);
            }
          });
    }
    return got;
  }

  @Override
  public void close() {
    publisher.close();
    answers.close();
    chunks.ifPresent(ChunkReader::close);
  }
}
