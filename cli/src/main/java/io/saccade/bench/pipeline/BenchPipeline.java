package io.saccade.bench.pipeline;

import com.google.gson.JsonObject;
import com.google.protobuf.Duration;
import io.saccade.bus.BusConfig;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.DemoQuestions;
import io.saccade.cli.local.DemoQuestions.Item;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.Output;
import io.saccade.ingest.IngestException;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.StageTimings;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade bench pipeline}: where the time between a question and its answer goes. */
@Command(
    name = "pipeline",
    description = {
      "Asks the demo's questions one at a time, with everything in this process, and prints the time"
          + " by stage: of the first question on a clip and of the next ones.",
      "'overhead' is the client's wait less decoding, vision, prefill and decode."
    })
public final class BenchPipeline implements Callable<Integer> {

  private static final java.time.Duration TIMEOUT = java.time.Duration.ofMinutes(5);

  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private Output output;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Rounds over all clips, each as new videos; the first is a warm-up and not counted. Default:"
              + " ${DEFAULT-VALUE}")
  private int rounds;

  @Override
  public Integer call() throws Exception {
    Path clips = DemoFiles.demoClips();
    Map<String, List<Item>> byClip =
        DemoQuestions.read(clips).items().stream().collect(Collectors.groupingBy(Item::videoId));
    Samples first = new Samples("first");
    Samples next = new Samples("next");
    try (Lifecycle lifecycle = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              lifecycle,
              lifecycle.folder(),
              0,
              b ->
                  SamplerConfig.defaults(b, AccessConfig.files(List.of(clips)))
                      .withEncoding(frames.encoding()),
              engine::engine);
      try (QuestionClient client = new QuestionClient(lifecycle, bus)) {
        for (int round = 0; round <= rounds; round++) {
          for (List<Item> items : byClip.values()) {
            String video = "round%d-%s".formatted(round, items.get(0).videoId());
            client.publish(items.get(0).video().toBuilder().setVideoId(video).build());
            for (int i = 0; i < items.size(); i++) {
              Samples samples = round == 0 ? new Samples("warm-up") : i == 0 ? first : next;
              samples.add(ask(client, items.get(i), video, i));
            }
          }
        }
      }
    }
    print(first);
    print(next);
    return ExitCode.OK;
  }

  private static Map<String, Double> ask(QuestionClient client, Item item, String video, int number)
      throws Exception {
    String id = video + "-" + number;
    Question question = item.question(id).toBuilder().setVideoId(video).build();
    long begin = System.nanoTime();
    Answer answer = client.ask(List.of(question), TIMEOUT, each -> {}).get(id);
    double waited = (System.nanoTime() - begin) / 1e6;
    if (answer.getStatus() != AnswerStatus.OK) {
      throw new IngestException("the bench got no answer: " + answer.getFailure().getMessage());
    }
    return stages(answer.getTimings(), waited);
  }

  /** Milliseconds by stage. */
  private static Map<String, Double> stages(StageTimings timings, double waited) {
    double sampling = millis(timings.getSampling());
    double framePublish = millis(timings.getFramePublish());
    double computing =
        sampling
            + millis(timings.getVision())
            + millis(timings.getPrefill())
            + millis(timings.getDecode());
    Map<String, Double> stages = new LinkedHashMap<>();
    stages.put(
        "queue",
        millis(timings.getRouting()) - sampling - framePublish + millis(timings.getQueue()));
    stages.put("sampling", sampling);
    stages.put("frame-publish", framePublish);
    stages.put("transport", millis(timings.getTransport()));
    stages.put("vision", millis(timings.getVision()));
    stages.put("prefill", millis(timings.getPrefill()));
    stages.put("decode", millis(timings.getDecode()));
    stages.put("publish", millis(timings.getPublish()));
    stages.put("end-to-end", waited);
    stages.put("overhead", waited - computing);
    return stages;
  }

  private void print(Samples samples) {
    if (!output.json()) {
      output.print(samples.name + " question on a clip, ms");
      output.print("  %-14s %6s %9s %9s %9s".formatted("stage", "count", "median", "p90", "max"));
    }
    samples.times.forEach((stage, times) -> print(samples.name, stage, times));
  }

  private void print(String question, String stage, List<Double> times) {
    double[] ms = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = ms[ms.length / 2];
    double p90 = ms[(int) (ms.length * 0.9)];
    double max = ms[ms.length - 1];
    if (!output.json()) {
      output.print("  %-14s %6d %9.1f %9.1f %9.1f".formatted(stage, ms.length, median, p90, max));
      return;
    }
    JsonObject line = new JsonObject();
    line.addProperty("question", question);
    line.addProperty("stage", stage);
    line.addProperty("count", ms.length);
    line.addProperty("medianMs", median);
    line.addProperty("p90Ms", p90);
    line.addProperty("maxMs", max);
    output.print(line.toString());
  }

  private static double millis(Duration duration) {
    return Times.java(duration).toNanos() / 1e6;
  }

  /** The measurements of one kind of question, by stage. */
  private record Samples(String name, Map<String, List<Double>> times) {

    Samples(String name) {
      this(name, new LinkedHashMap<>());
    }

    void add(Map<String, Double> stages) {
      stages.forEach(
          (stage, millis) -> times.computeIfAbsent(stage, s -> new ArrayList<>()).add(millis));
    }
  }
}
