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

/** Asks questions and waits for their answers, as any client of the service would. */
public final class QuestionClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Where pieces and answers are looked for in turn. */
  private static final Duration SHORT_POLL = Duration.ofMillis(20);

  private final Lifecycle running;
  private final Publisher publisher;
  private final AnswerReader answers;
  private final Optional<ChunkReader> chunks;
  private final Consumer<AnswerChunk> eachChunk;

  /**
   * Opens the clients.
   *
   * @param running looked at while waiting, so that a role that stops ends the wait
   */
  public QuestionClient(Lifecycle running, BusConfig bus) {
    this(running, bus, Optional.empty(), chunk -> {});
  }

  private QuestionClient(
      Lifecycle running,
      BusConfig bus,
      Optional<ChunkReader> chunks,
      Consumer<AnswerChunk> eachChunk) {
    this.running = running;
    this.publisher = Publisher.open(bus);
    this.answers = AnswerReader.fromNow(bus);
    this.chunks = chunks;
    this.eachChunk = eachChunk;
  }

  /**
   * The same, reading along as answers are generated.
   *
   * @param eachChunk told of every piece of any answer as it comes; some may be missing
   */
  public static QuestionClient streaming(
      Lifecycle running, BusConfig bus, Consumer<AnswerChunk> eachChunk) {
    return new QuestionClient(running, bus, Optional.of(ChunkReader.fromNow(bus)), eachChunk);
  }

  /** Publishes a video and waits until the log has it. */
  public void publish(VideoReference video) {
    Publisher.await(publisher.publish(video), PATIENCE);
  }

  /**
   * Asks and waits for all answers.
   *
   * @param questions with distinct ids
   * @param each told of every answer as it comes
   * @param timeout for all of them together
   * @return the answers by question id
   * @throws IngestException if some do not come in time
   */
  public Map<String, Answer> ask(
      Collection<Question> questions, Duration timeout, Consumer<Answer> each)
      throws ExecutionException, InterruptedException {
    questions.stream()
        .map(publisher::publish)
        .toList()
        .forEach(sent -> Publisher.await(sent, PATIENCE));
    Set<String> asked = questions.stream().map(Question::getQuestionId).collect(Collectors.toSet());
    Map<String, Answer> got = new HashMap<>();
    Instant end = Instant.now().plus(timeout);
    while (got.size() < asked.size()) {
      running.requireUp();
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
