package io.saccade.bench.scale;

import io.saccade.bus.Await;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.Lifecycle;
import io.saccade.ingest.Publisher;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import io.saccade.worker.SimulatedEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Many questions on one video, beside a few on others: through router and sampler, too. */
final class ScaleHotVideo {

  private static final String SECTION = "hot";
  private static final int PARTITIONS = 8;
  private static final int WORKERS = 4;
  private static final int QUESTIONS = 200;
  private static final int OTHERS = 12;

  /** Of other videos' questions. */
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private static final Duration MOST = Duration.ofMinutes(2);
  private static final String HOT = "hot";

  private final ScaleFigures figures;
  private final Duration latency;
  private final Duration time;
  private final String protocol;
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final Map<String, Double> answered = new ConcurrentHashMap<>();
  private final Set<String> workers = ConcurrentHashMap.newKeySet();

  ScaleHotVideo(ScaleFigures figures, Duration latency, Duration time, String protocol) {
    this.figures = figures;
    this.latency = latency;
    this.time = time;
    this.protocol = protocol;
  }

  void run() throws InterruptedException {
    Path clips = DemoFiles.demoClips();
    try (Lifecycle lifecycle = new Lifecycle()) {
      ScaleBus bench = new ScaleBus(lifecycle, PARTITIONS, ScaleBus.protocol(protocol));
      // Kafka Streams has its own protocol.
      var plain = io.saccade.bus.BusConfig.of(bench.bus().bootstrapServers());
      lifecycle.start(
          new QuestionRouter(RouterConfig.defaults(plain, bench.folder().resolve("router"))));
      lifecycle.start(
          new FrameSampler(SamplerConfig.defaults(plain, AccessConfig.files(List.of(clips)))));
      for (int i = 1; i <= WORKERS; i++) {
        var unused = bench.worker("worker-" + i, latency);
      }
      bench.awaitWorkers(WORKERS);
      bench.tail(Topics.ANSWERS, this::answered);
      bench.tail(Topics.RESULTS, this::result);
      try (Publisher publisher = Publisher.open(plain)) {
        measure(publisher, clips);
      }
    }
  }

  private void measure(Publisher publisher, Path clips) throws InterruptedException {
    publish(publisher, HOT, clips.resolve("clip00.mp4"));
    for (int i = 0; i < OTHERS; i++) {
      publish(publisher, "other-" + i, clips.resolve("clip%02d.mp4".formatted(i)));
    }
    for (int i = 0; i < OTHERS; i++) { // samples the clips
      ask(publisher, "other-" + i, "warm-" + i);
    }
    ask(publisher, HOT, "warm-hot");
    awaitAll();
    others(publisher, "alone", () -> false);
    double alone = report("alone");
    workers.clear();
    long begin = System.nanoTime();
    for (int i = 0; i < QUESTIONS; i++) {
      ask(publisher, HOT, "hot-" + i);
    }
    others(publisher, "beside", () -> count("hot-") == QUESTIONS);
    double took = (System.nanoTime() - begin) / 1e9;
    awaitAll();
    double beside = report("beside");
    figures.print(SECTION, QUESTIONS + " questions on one video, at most s", took);
    figures.atLeast(SECTION, "workers that answered them, of " + WORKERS, workers.size(), WORKERS);
    figures.print(SECTION, "other videos beside it over alone, median, times", beside / alone);
  }

  private double report(String phase) {
    double[] times =
        answered.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(phase))
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    double median = ScaleFigures.quantile(0.5, times);
    figures.print(SECTION, "other videos " + phase + ", question to answer, median ms", median);
    figures.print(
        SECTION,
        "other videos " + phase + ", question to answer, p90 ms",
        ScaleFigures.quantile(0.9, times));
    return median;
  }

  /** Questions on the other videos in turn, at an even pace, for a while or until done. */
  private void others(Publisher publisher, String phase, java.util.function.BooleanSupplier done)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; System.nanoTime() < end && !done.getAsBoolean(); i++) {
      ask(publisher, "other-" + i % OTHERS, phase + "-" + i);
      Await.pause(BETWEEN);
    }
    awaitAll();
  }

  private static void publish(Publisher publisher, String id, Path file) {
    VideoReference video =
        VideoReference.newBuilder().setVideoId(id).setUri(VideoUri.of(file.toString())).build();
    var unused = Publisher.await(publisher.publish(video), Duration.ofSeconds(30));
  }

  private void ask(Publisher publisher, String video, String id) {
    asked.put(id, System.nanoTime());
    var unused =
        publisher.publish(
            Question.newBuilder()
                .setQuestionId(id)
                .setVideoId(video)
                .setModel(SimulatedEngine.NAME)
                .setText("what is to be seen?")
                .build());
  }

  private long count(String start) {
    return answered.keySet().stream().filter(id -> id.startsWith(start)).count();
  }

  private void awaitAll() throws InterruptedException {
    ScaleBus.await("all is answered", MOST, () -> answered.size() == asked.size());
  }

  private void answered(Answer answer) {
    long from = asked.get(answer.getQuestionId());
    answered.put(answer.getQuestionId(), (System.nanoTime() - from) / 1e6);
  }

  private void result(Result result) {
    if (result.getVideoId().equals(HOT)) {
      workers.add(result.getWorker());
    }
  }
}
