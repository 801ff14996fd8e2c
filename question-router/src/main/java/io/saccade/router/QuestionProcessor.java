package io.saccade.router;

import com.google.protobuf.MessageLite;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** The questions' processor, which also winds the partition's clock. */
final class QuestionProcessor extends InputProcessor<Question> {

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofSeconds(10);

  QuestionProcessor(Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters) {
    super(arbiters, Arbiter::question, Arbiter::rejectTombstone);
  }

  @Override
  public void init(ProcessorContext<String, MessageLite> context) {
    super.init(context);
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, arbiter()::tick);
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, arbiter()::sweep);
  }
}
