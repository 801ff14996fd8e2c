package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.Lifecycle;
import io.saccade.it.Bus;
import io.saccade.it.Demo;
import io.saccade.model.Generation;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Question;
import io.saccade.telemetry.Telemetry;
import io.saccade.worker.Engine;
import io.saccade.worker.Engine.Answering;
import io.saccade.worker.Engine.Clip;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * An inference worker as a process that stops in the middle of an inference: at each question whose
 * id begins with {@value #MARK} it prints {@code begun} and waits for a line on its standard input.
 */
public final class HeldWorker {

  /** Begins the ids of the questions that are held. */
  public static final String MARK = "held-";

  private HeldWorker() {}

  /** Arguments: bootstrap servers, topic prefix, model name. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    BusConfig bus = new BusConfig(args[0], args[1], Bus.QUICK_GROUPS);
    try (Lifecycle running = new Lifecycle(Telemetry.none())) {
      Engine engine = new Held(Demo.engine(args[2]));
      running.start(new InferenceWorker(WorkerConfig.defaults(bus, "held"), engine));
      running.await();
    }
  }

  /** Only waits where it is told to. */
  private record Held(Engine engine) implements Engine {

    @Override
    public ModelCard card() {
      return engine.card();
    }

    @Override
    public long clipBytes(int frames) {
      return engine.clipBytes(frames);
    }

    @Override
    public Looking looking(List<ByteBuffer> frames) {
      return engine.looking(frames);
    }

    @Override
    public Answering answering(Question question, int frames) {
      return new HeldAnswer(
          engine.answering(question, frames), question.getQuestionId().startsWith(MARK));
    }

    @Override
    public void decode(List<Answering> batch) {
      engine.decode(batch.stream().map(answer -> ((HeldAnswer) answer).answer()).toList());
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** Waits before it begins, if it is one of those. */
  private record HeldAnswer(Answering answer, boolean held) implements Answering {

    @Override
    public long bytes() {
      return answer.bytes();
    }

    @Override
    public void begin(Clip clip) {
      if (held) {
        System.out.println("begun");
        awaitLine();
      }
      answer.begin(clip);
    }

    private static void awaitLine() {
      try {
        int read;
        do {
          read = System.in.read();
        } while (read >= 0 && read != '\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean prefill() {
      return answer.prefill();
    }

    @Override
    public boolean finished() {
      return answer.finished();
    }

    @Override
    public String takeText() {
      return answer.takeText();
    }

    @Override
    public Generation generation() {
      return answer.generation();
    }

    @Override
    public void close() {
      answer.close();
    }
  }
}
