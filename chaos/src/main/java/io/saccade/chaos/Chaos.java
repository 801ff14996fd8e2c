package io.saccade.chaos;

import io.saccade.bus.Await;
import io.saccade.bus.BusConfig;
import io.saccade.chaos.RunRecord.Silence;
import io.saccade.chaos.TopicDump.Entry;
import io.saccade.ingest.AnswerReader;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.Publisher;
import io.saccade.proto.Times;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A chaos run: starts the service, asks questions while its processes are made to fail, and audits
 * the records that the service wrote. {@link #close} kills every process that it started, also
 * during {@link #run}.
 */
public final class Chaos implements AutoCloseable {

  /** How long the service may take to start. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private static final Duration PUBLISH_TIMEOUT = Duration.ofMinutes(2);

  /** How long the last answers and writes may take after the last failure. */
  private static final Duration END_TIMEOUT = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(100);

  /** Interval between checks for further writes. */
  private static final Duration QUIET_POLL = Duration.ofSeconds(1);

  /** The topics that a service writes for questions and clips. */
  private static final Topic<?>[] AUDITED = {
    Topics.ANSWERS,
    Topics.RESULTS,
    Topics.INFERENCE_REQUESTS,
    Topics.SAMPLING_REQUESTS,
    Topics.FRAMES,
    Topics.CLIPS,
    Topics.DEAD_LETTERS
  };

  /** Interval between questions in a run without failures, whose plan would set it. */
  private static final Duration WITHOUT_FAILURES = Duration.ofMillis(50);

  private final ChaosConfig config;
  private final Consumer<String> progress;
  private final RunRecord record = new RunRecord();
  private final Cluster cluster;
  private final Instant created = Instant.now();

  /**
   * Prepares a run; nothing is started.
   *
   * @param progress takes lines of progress
   */
  public Chaos(ChaosConfig config, Consumer<String> progress) {
    this.config = config;
    this.progress = progress;
    this.cluster = new Cluster(config, new Recorder());
  }

  /**
   * Runs to the end.
   *
   * @return the report of the audit
   * @throws IOException if a process cannot be started or a folder cannot be used
   * @throws IngestException if the service does not come up
   */
  public ChaosReport run() throws IOException, InterruptedException {
    try (Footage footage = new Footage(config.clips())) {
      Workload workload = new Workload(config, footage);
      cluster.start();
      report("the brokers are up");
      BusConfig bus = cluster.bus();
      Instant first;
      try (Publisher publisher = Publisher.open(bus);
          AnswerReader answers = AnswerReader.fromStart(bus)) {
        awaitModel(bus);
        report("a worker has announced its model");
        Thread reader = new Thread(() -> read(answers), "chaos-answers");
        reader.start();
        try {
          first = Instant.now();
          askDuringFailures(workload, publisher);
        } finally {
          answers.wakeup();
          reader.join();
        }
      }
      TopicDump dump = new TopicDump(bus);
      awaitQuiet(dump);
      return audit(workload, dump, first);
    }
  }

  private void awaitModel(BusConfig bus) throws InterruptedException {
    boolean there =
        Await.until(
            START_TIMEOUT,
            () -> {
              List<ModelCard> cards = new ArrayList<>();
              new TopicDump(bus).read(Topics.MODELS, entry -> cards.add(entry.message()));
              return !cards.isEmpty();
            });
    if (!there) {
      throw new IngestException(
          "no worker announced its model within %d s; see %s"
              .formatted(START_TIMEOUT.toSeconds(), config.logs()));
    }
  }

  /** Reads answers until the reader is woken up. */
  private void read(AnswerReader answers) {
    try {
      while (true) {
        answers.poll(POLL, answer -> record.answered(answer.getQuestionId(), Instant.now()));
      }
    } catch (WakeupException e) {
      report("%d questions are answered".formatted(record.answers()));
    }
  }

  /** Publishes the questions evenly between failures, then waits until all are answered. */
  private void askDuringFailures(Workload workload, Publisher publisher)
      throws InterruptedException {
    for (var video : workload.videos()) {
      var unused = Publisher.await(publisher.publish(video), PUBLISH_TIMEOUT);
    }
    FailurePlan plan = new FailurePlan(config.kills(), config.seed());
    try (FaultInjector injector = new FaultInjector(cluster, plan, new Recorder())) {
      List<Question> questions = workload.publications();
      int asked = 1;
      awaitFirst(publisher, questions.get(0));
      int rounds = plan.size() + 1;
      boolean stuck = false;
      for (int round = 1; round <= rounds; round++) {
        int until = (int) ((long) questions.size() * round / rounds);
        ask(publisher, questions.subList(asked, until), pause(plan, until - asked));
        asked = until;
        if (round < rounds && !stuck) {
          stuck = !Await.until(START_TIMEOUT, injector::injectNext);
        }
      }
      injector.awaitEnd();
    }
    long happened = record.failures().stream().filter(f -> f.kind() != FailureKind.EXIT).count();
    if (happened != config.kills()) {
      record.problem("%d of %d failures happened".formatted(happened, config.kills()));
    }
    report(
        "all questions are asked and all processes are back, %d questions are open"
            .formatted(record.open()));
    var unused = Await.until(END_TIMEOUT, () -> record.open() == 0);
  }

  /**
   * Waits for the answer of the first question, so that the times measured afterwards do not
   * include the start.
   */
  private void awaitFirst(Publisher publisher, Question question) throws InterruptedException {
    ask(publisher, List.of(question), Duration.ZERO);
    if (!Await.until(START_TIMEOUT, () -> record.open() == 0)) {
      throw new IngestException(
          "the first question was not answered within %d s; see %s"
              .formatted(START_TIMEOUT.toSeconds(), config.logs()));
    }
    report("the first question is answered");
  }

  private Duration pause(FailurePlan plan, int count) {
    return config.kills() == 0 ? WITHOUT_FAILURES.multipliedBy(count) : plan.pause();
  }

  /**
   * Waits until nothing more is written: a process that was frozen, or that reads repeated records,
   * may still write answers or frames that are wrong.
   */
  private void awaitQuiet(TopicDump dump) throws InterruptedException {
    long[] written = {-1};
    Instant[] since = {Instant.now()};
    boolean quiet =
        Await.until(
            END_TIMEOUT,
            () -> {
              long now = dump.written(AUDITED);
              if (now != written[0]) {
                written[0] = now;
                since[0] = Instant.now();
              }
              Await.pause(QUIET_POLL);
              return since[0].plus(ClipAudit.SETTLING).isBefore(Instant.now());
            });
    if (!quiet) {
      record.problem("something is still written after " + END_TIMEOUT);
    }
  }

  private void ask(Publisher publisher, List<Question> questions, Duration duration)
      throws InterruptedException {
    for (Question question : questions) {
      record.asked(question.getQuestionId(), Instant.now());
      var unused =
          publisher
              .publish(question)
              .thenAccept(at -> record.published(question.getQuestionId(), at.partition()));
      Await.pause(duration.dividedBy(questions.size()));
    }
    if (questions.isEmpty()) {
      Await.pause(duration);
    }
  }

  /** Records the failures and prints them. */
  private final class Recorder implements Events {

    @Override
    public void began(Failure failure) {
      report(
          "%s %s, %d questions are open"
              .formatted(failure.kind().label(), failure.node(), record.open()));
    }

    @Override
    public void ended(Failure failure) {
      record.failed(failure);
      if (failure.kind() == FailureKind.EXIT) {
        report("%s ended by itself".formatted(failure.node()));
      }
    }

    @Override
    public void problem(String sentence) {
      record.problem(sentence);
      report(sentence);
    }
  }

  private ChaosReport audit(Workload workload, TopicDump dump, Instant first) {
    AnswerAudit answers = new AnswerAudit(workload.asked());
    Instant[] last = {first};
    dump.read(
        Topics.ANSWERS,
        entry -> {
          answers.answer(entry.message());
          last[0] = later(last[0], entry);
        });
    ClipAudit clips = new ClipAudit(record.failures());
    dump.read(Topics.SAMPLING_REQUESTS, entry -> clips.request(entry.message()));
    dump.read(Topics.FRAMES, entry -> clips.frame(entry.message(), entry.at()));
    Map<String, Integer> results = new HashMap<>();
    dump.read(
        Topics.RESULTS, entry -> results.merge(entry.message().getQuestionId(), 1, Integer::sum));
    Map<String, Integer> requests = new HashMap<>();
    dump.read(
        Topics.INFERENCE_REQUESTS,
        entry -> requests.merge(entry.message().getQuestion().getQuestionId(), 1, Integer::sum));
    List<DeadLetter> deadLetters = new ArrayList<>();
    dump.read(Topics.DEAD_LETTERS, entry -> deadLetters.add(entry.message()));
    List<String> problems = new ArrayList<>(answers.problems());
    problems.addAll(clips.problems());
    problems.addAll(record.problems());
    deadLetters.forEach(
        letter -> problems.add("a dead letter of " + letter.getRole() + ": " + letter.getReason()));
    return new ChaosReport(
        config.seed(),
        workload.asked().size(),
        workload.publications().size(),
        answers.answers(),
        results.values().stream().mapToInt(Integer::intValue).sum(),
        results.values().stream().mapToInt(count -> count - 1).sum(),
        requests.values().stream().mapToInt(count -> count - 1).sum(),
        clips.clips(),
        clips.decodings(),
        clips.resampled(),
        Duration.between(first, last[0]),
        record.longestGap().map(Silence::length).orElse(Duration.ZERO),
        record.longestGap().map(gap -> Duration.between(created, gap.from())).orElse(Duration.ZERO),
        record.latencies(),
        record.recoveries().entrySet().stream()
            .map(hit -> new ChaosReport.Hit(hit.getKey(), hit.getValue()))
            .toList(),
        problems);
  }

  private static Instant later(Instant time, Entry<Answer> answer) {
    Instant answered = Times.java(answer.message().getAnsweredAt());
    return answered.isAfter(time) ? answered : time;
  }

  private void report(String line) {
    double seconds = Duration.between(created, Instant.now()).toMillis() / 1e3;
    progress.accept(String.format(Locale.ROOT, "%7.1f s  %s", seconds, line));
  }

  /** Kills every process. */
  @Override
  public void close() {
    cluster.close();
  }
}
