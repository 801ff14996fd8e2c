package io.saccade.router.streams;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.flow.Arbiter;
import io.saccade.router.flow.QuestionGauges;
import io.saccade.router.state.RouterState;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Hands the records of all inputs to the arbiter of their partition, what is not a record of its
 * input to the operator, and winds the partition's clock. The clock only runs while a question is
 * open: Kafka Streams commits a transaction after each tick, ten a second for nothing.
 */
final class RouterProcessor
    implements Processor<String, Parsed<? extends MessageLite>, String, MessageLite> {

  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters;
  private final String videos;
  private final QuestionGauges census;
  private ProcessorContext<String, MessageLite> context;
  private Arbiter arbiter;
  private Cancellable toucher;
  private Cancellable sweeper;
  private Cancellable clock;

  /**
   * A processor of one partition of each input.
   *
   * @param videos the name of the topic whose records may be withdrawn
   * @param census is told how many questions the partition holds
   */
  RouterProcessor(
      Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters,
      String videos,
      QuestionGauges census) {
    this.arbiters = arbiters;
    this.videos = videos;
    this.census = census;
  }

  @Override
  public void init(ProcessorContext<String, MessageLite> context) {
    this.context = context;
    arbiter = arbiters.apply(context);
    toucher = context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, this::touch);
    sweeper = context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    wind();
  }

  @Override
  public void process(Record<String, Parsed<? extends MessageLite>> record) {
    Parsed<? extends MessageLite> parsed = record.value();
    if (parsed == null) {
      withdraw(record);
    } else if (parsed instanceof Parsed.Valid<? extends MessageLite> valid) {
      take(record, valid.message());
    } else if (parsed instanceof Parsed.Malformed<? extends MessageLite> malformed) {
      arbiter.reject(record, malformed.bytes(), malformed.reason());
    }
    wind();
  }

  private void withdraw(Record<String, ?> record) {
    if (context.recordMetadata().orElseThrow().topic().equals(videos)) {
      arbiter.videoForgotten(record);
    } else {
      arbiter.rejectTombstone(record);
    }
  }

  private void take(Record<String, ?> record, MessageLite message) {
    if (message instanceof VideoReference video) {
      arbiter.video(record.withValue(video));
    } else if (message instanceof Question question) {
      arbiter.question(record.withValue(question));
    } else if (message instanceof ClipManifest manifest) {
      arbiter.clip(record.withValue(manifest));
    } else if (message instanceof Result result) {
      arbiter.result(record.withValue(result));
    }
  }

  /** Once: Kafka Streams writes nothing while it begins. */
  private void touch(long now) {
    toucher.cancel();
    RouterState.touch(context, now);
  }

  /** Standing questions come and go without a record of the partition: they are told here, too. */
  private void sweep(long now) {
    arbiter.sweep(now);
    census.tell(this, arbiter.population());
  }

  private void wind() {
    census.tell(this, arbiter.population());
    if (clock == null && arbiter.hasOpenQuestions()) {
      clock = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }
  }

  private void tick(long now) {
    arbiter.tick(now);
    census.tell(this, arbiter.population());
    if (!arbiter.hasOpenQuestions()) {
      stopClock();
    }
  }

  private void stopClock() {
    if (clock != null) {
      clock.cancel();
      clock = null;
    }
  }

  /** The same processor may begin anew, after a failure that threw away what was not committed. */
  @Override
  public void close() {
    census.forget(this);
    toucher.cancel();
    sweeper.cancel();
    stopClock();
  }
}
