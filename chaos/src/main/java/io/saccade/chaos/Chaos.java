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
 * A chaos run: starts the service, asks questions while its processes fail, and audits what came of
 * it. Closing it kills every process that it started, also while it runs.
 */
public final class Chaos implements AutoCloseable {

  private static final Duration UP = Duration.ofMinutes(3);
  private static final Duration ACKNOWLEDGED = Duration.ofMinutes(2);
  private static final Duration ANSWERED = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(100);

  /** Between looks at what is still written. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What a service writes of questions and clips. */
  private static final Topic<?>[] AUDITED = {
    Topics.ANSWERS,
    Topics.RESULTS,
    Topics.INFERENCE_REQUESTS,
    Topics.SAMPLING_REQUESTS,
    Topics.FRAMES,
    Topics.CLIPS,
    Topics.DEAD_LETTERS
  };

  /** Pace of questions where no failures set one. */
  private static final Duration WITHOUT_FAILURES = Duration.ofMillis(50);

  private final ChaosConfig config;
  private final Consumer<String> progress;
  private final RunRecord ledger = new RunRecord();
  private final Cluster cluster;
  private final Instant created = Instant.now();

  /**
   * Prepares a run; nothing is started.
   *
   * @param progress told in a line of what happens
   */
  public Chaos(ChaosConfig config, Consumer<String> progress) {
    this.config = config;
    this.progress = progress;
    this.cluster = new Cluster(config, new Watch());
  }

  /**
   * Runs to the end.
   *
   * @return what came of it
   * @throws IOException if a process cannot be started or a folder cannot be used
   * @throws IngestException if the service does not come up
   */
  public ChaosReport run() throws IOException, InterruptedException {
    try (Footage footage = new Footage(config.clips())) {
      Workload script = new Workload(config, footage);
      cluster.start();
      tell("the brokers are up");
      BusConfig bus = cluster.bus();
      Instant first;
      try (Publisher publisher = Publisher.open(bus);
          AnswerReader answers = AnswerReader.fromStart(bus)) {
        awaitModel(bus);
        tell("a worker is there");
        Thread reader = new Thread(() -> read(answers), "chaos-answers");
        reader.start();
        try {
          first = Instant.now();
          play(script, publisher);
        } finally {
          answers.wakeup();
          reader.join();
        }
      }
      TopicDump dump = new TopicDump(bus);
      awaitQuiet(dump);
      return audit(script, dump, first);
    }
  }

  private void awaitModel(BusConfig bus) throws InterruptedException {
    boolean there =
        Await.until(
            UP,
            () -> {
              List<ModelCard> cards = new ArrayList<>();
              new TopicDump(bus).read(Topics.MODELS, entry -> cards.add(entry.message()));
              return !cards.isEmpty();
            });
    if (!there) {
      throw new IngestException(
          "no worker announced its model within %d s; see %s"
              .formatted(UP.toSeconds(), config.logs()));
    }
  }

  private void read(AnswerReader answers) {
    try {
      while (true) {
        answers.poll(POLL, answer -> ledger.answered(answer.getQuestionId(), Instant.now()));
      }
    } catch (WakeupException e) {
      tell("%d questions are answered".formatted(ledger.answers()));
    }
  }

  /** Asks evenly between failures, then waits until all is answered. */
  private void play(Workload script, Publisher publisher) throws InterruptedException {
    for (var video : script.videos()) {
      var unused = Publisher.await(publisher.publish(video), ACKNOWLEDGED);
    }
    FailurePlan plan = new FailurePlan(config.kills(), config.seed());
    try (FaultInjector saboteur = new FaultInjector(cluster, plan, new Watch())) {
      List<Question> questions = script.publications();
      int asked = 1;
      awaitFirst(publisher, questions.get(0));
      int turns = plan.size() + 1;
      boolean stuck = false;
      for (int turn = 1; turn <= turns; turn++) {
        int until = (int) ((long) questions.size() * turn / turns);
        ask(publisher, questions.subList(asked, until), pause(plan, until - asked));
        asked = until;
        if (turn < turns && !stuck) {
          stuck = !Await.until(UP, saboteur::strike);
        }
      }
      saboteur.awaitEnd();
    }
    long happened = ledger.failures().stream().filter(f -> f.kind() != FailureKind.EXIT).count();
    if (happened != config.kills()) {
      ledger.trouble("%d of %d failures happened".formatted(happened, config.kills()));
    }
    tell("all is asked and everything is back, %d questions are open".formatted(ledger.open()));
    var unused = Await.until(ANSWERED, () -> ledger.open() == 0);
  }

  /** So that what follows is not about starting. */
  private void awaitFirst(Publisher publisher, Question question) throws InterruptedException {
    ask(publisher, List.of(question), Duration.ZERO);
    if (!Await.until(UP, () -> ledger.open() == 0)) {
      throw new IngestException(
          "the first question was not answered within %d s; see %s"
              .formatted(UP.toSeconds(), config.logs()));
    }
    tell("the first question is answered");
  }

  private Duration pause(FailurePlan plan, int count) {
    return config.kills() == 0 ? WITHOUT_FAILURES.multipliedBy(count) : plan.pause();
  }

  /** Who was frozen, or heard a question again at the end, may still do what it should not. */
  private void awaitQuiet(TopicDump dump) throws InterruptedException {
    long[] written = {-1};
    Instant[] since = {Instant.now()};
    boolean quiet =
        Await.until(
            ANSWERED,
            () -> {
              long now = dump.written(AUDITED);
              if (now != written[0]) {
                written[0] = now;
                since[0] = Instant.now();
              }
              Await.pause(LOOK);
              return since[0].plus(ClipAudit.FELT).isBefore(Instant.now());
            });
    if (!quiet) {
      ledger.trouble("something is still written after " + ANSWERED);
    }
  }

  private void ask(Publisher publisher, List<Question> questions, Duration within)
      throws InterruptedException {
    for (Question question : questions) {
      ledger.asked(question.getQuestionId(), Instant.now());
      var unused =
          publisher
              .publish(question)
              .thenAccept(at -> ledger.published(question.getQuestionId(), at.partition()));
      Await.pause(within.dividedBy(questions.size()));
    }
    if (questions.isEmpty()) {
      Await.pause(within);
    }
  }

  private final class Watch implements Events {

    @Override
    public void began(Failure failure) {
      tell(
          "%s %s, %d questions are open"
              .formatted(failure.kind().label(), failure.node(), ledger.open()));
    }

    @Override
    public void ended(Failure failure) {
      ledger.failed(failure);
      if (failure.kind() == FailureKind.EXIT) {
        tell("%s ended by itself".formatted(failure.node()));
      }
    }

    @Override
    public void trouble(String what) {
      ledger.trouble(what);
      tell(what);
    }
  }

  private ChaosReport audit(Workload script, TopicDump dump, Instant first) {
    AnswerAudit answers = new AnswerAudit(script.asked());
    Instant[] last = {first};
    dump.read(
        Topics.ANSWERS,
        entry -> {
          answers.answer(entry.message());
          last[0] = later(last[0], entry);
        });
    ClipAudit clips = new ClipAudit(ledger.failures());
    dump.read(Topics.SAMPLING_REQUESTS, entry -> clips.request(entry.message()));
    dump.read(Topics.FRAMES, entry -> clips.frame(entry.message(), entry.at()));
    Map<String, Integer> results = new HashMap<>();
    dump.read(
        Topics.RESULTS, entry -> results.merge(entry.message().getQuestionId(), 1, Integer::sum));
    Map<String, Integer> requests = new HashMap<>();
    dump.read(
        Topics.INFERENCE_REQUESTS,
        entry -> requests.merge(entry.message().getQuestion().getQuestionId(), 1, Integer::sum));
    List<DeadLetter> dead = new ArrayList<>();
    dump.read(Topics.DEAD_LETTERS, entry -> dead.add(entry.message()));
    List<String> problems = new ArrayList<>(answers.problems());
    problems.addAll(clips.problems());
    problems.addAll(ledger.troubles());
    dead.forEach(
        letter -> problems.add("a dead letter of " + letter.getRole() + ": " + letter.getReason()));
    return new ChaosReport(
        config.seed(),
        script.asked().size(),
        script.publications().size(),
        answers.answers(),
        results.values().stream().mapToInt(Integer::intValue).sum(),
        results.values().stream().mapToInt(count -> count - 1).sum(),
        requests.values().stream().mapToInt(count -> count - 1).sum(),
        clips.clips(),
        clips.decodings(),
        clips.resampled(),
        Duration.between(first, last[0]),
        ledger.longestGap().map(Silence::length).orElse(Duration.ZERO),
        ledger.longestGap().map(gap -> Duration.between(created, gap.from())).orElse(Duration.ZERO),
        ledger.latencies(),
        ledger.recoveries().entrySet().stream()
            .map(hit -> new ChaosReport.Hit(hit.getKey(), hit.getValue()))
            .toList(),
        problems);
  }

  private static Instant later(Instant time, Entry<Answer> answer) {
    Instant answered = Times.java(answer.message().getAnsweredAt());
    return answered.isAfter(time) ? answered : time;
  }

  private void tell(String what) {
    double seconds = Duration.between(created, Instant.now()).toMillis() / 1e3;
    progress.accept(String.format(Locale.ROOT, "%7.1f s  %s", seconds, what));
  }

  /** Kills every process. */
  @Override
  public void close() {
    cluster.close();
  }
}
