package io.saccade.router;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The questions' processor, which also winds the partition's clock. The clock only runs while a
 * question is open: Kafka Streams commits a transaction after each tick, ten a second for nothing.
 */
final class QuestionProcessor extends InputProcessor<Question> {

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private ProcessorContext<String, MessageLite> context;
  private Cancellable clock;

  QuestionProcessor(Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters) {
    super(arbiters, Arbiter::question, Arbiter::rejectTombstone);
  }

  @Override
  public void init(ProcessorContext<String, MessageLite> context) {
    super.init(context);
    this.context = context;
    arbiter().resume();
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, arbiter()::sweep);
    wind();
  }

  @Override
  public void process(Record<String, Parsed<Question>> record) {
    super.process(record);
    wind();
  }

  private void wind() {
    if (clock == null && arbiter().hasOpenQuestions()) {
      clock = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }
  }

  private void tick(long now) {
    arbiter().tick(now);
    if (!arbiter().hasOpenQuestions()) {
      clock.cancel();
      clock = null;
    }
  }
}
