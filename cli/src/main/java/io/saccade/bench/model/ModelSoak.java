package io.saccade.bench.model;

import com.google.gson.JsonObject;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.option.Output;
import io.saccade.model.Sequence;
import io.saccade.model.VideoModel;
import io.saccade.model.config.GenerationOptions;
import io.saccade.model.graph.ClipFeatures;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.text.Conversation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Asks the demo model for long, and looks at the memory of the process. */
final class ModelSoak {

  private static final int QUESTIONS_A_CLIP = 10;
  private static final int BATCH = 5;
  private static final int REPORTS = 10;
  private static final int MAX_TOKENS = 200;

  private final Output output;

  ModelSoak(Output output) {
    this.output = output;
  }

  /** Asks ten questions on each of many clips, five at a time, of random words and pixels. */
  void run(int questions) throws IOException {
    ModelOptions options = ModelOptions.defaults().withThreads(1);
    try (VideoModel model = VideoModel.load(DemoFiles.demoModel(), options)) {
      Random random = new Random(0);
      int clips = Math.max(1, questions / QUESTIONS_A_CLIP);
      long tokens = 0;
      for (int clip = 0; clip < clips; clip++) {
        tokens += ask(model, random);
        if ((clip + 1) % Math.max(1, clips / REPORTS) == 0) {
          report((clip + 1) * QUESTIONS_A_CLIP, clip + 1, tokens);
        }
      }
    }
  }

  private static long ask(VideoModel model, Random random) {
    try (ClipFeatures clip = model.encode(frames(model, random))) {
      long tokens = 0;
      for (int asked = 0; asked < QUESTIONS_A_CLIP; asked += BATCH) {
        tokens += batch(model, clip, random);
      }
      return tokens;
    }
  }

  private static List<ByteBuffer> frames(VideoModel model, Random random) {
    int side = model.info().imageSize();
    return Stream.generate(
            () -> {
              byte[] pixels = new byte[side * side * 3];
              random.nextBytes(pixels);
              return ByteBuffer.wrap(pixels);
            })
        .limit(1 + random.nextInt(2 * model.info().frames()))
        .toList();
  }

  /** Answers of different lengths, which leave the batch one after the other. */
  private static long batch(VideoModel model, ClipFeatures clip, Random random) {
    List<Sequence> running = new ArrayList<>();
    long tokens = 0;
    try {
      for (int i = 0; i < BATCH; i++) {
        running.add(begun(model, clip, random));
      }
      while (!running.isEmpty()) {
        model.decode(running);
        tokens += running.size();
        running.stream().filter(Sequence::finished).forEach(Sequence::close);
        running.removeIf(Sequence::finished);
      }
      return tokens;
    } finally {
      running.forEach(Sequence::close);
    }
  }

  private static Sequence begun(VideoModel model, ClipFeatures clip, Random random) {
    Conversation question = Conversation.of(BenchModel.words(1 + random.nextInt(40)));
    GenerationOptions options =
        GenerationOptions.defaults()
            .withTemperature(20) // so that answers are long
            .withSeed(random.nextLong())
            .withMaxNewTokens(2 + random.nextInt(MAX_TOKENS));
    Sequence sequence = model.sequence(question, options, clip.frames());
    sequence.begin(clip);
    boolean done = false;
    while (!done) {
      done = sequence.prefill();
    }
    if (sequence.finished()) { // by chance, with its first token
      sequence.close();
      return begun(model, clip, random);
    }
    return sequence;
  }

  private void report(int questions, int clips, long tokens) throws IOException {
    double rss = residentMib();
    if (output.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("questions", questions);
      json.addProperty("clips", clips);
      json.addProperty("tokens", tokens);
      json.addProperty("rssMib", rss);
      output.print(json.toString());
    } else {
      output.print(
          "%6d questions on %4d clips, %8d tokens: %6.0f MiB"
              .formatted(questions, clips, tokens, rss));
    }
  }

  private static double residentMib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
