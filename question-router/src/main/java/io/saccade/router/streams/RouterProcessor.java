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
import org.jspecify.annotations.Nullable;

/**
 * Passes the records of all inputs to the arbiter of their partition, rejects malformed ones and
 * schedules the partition's clock. The clock runs only while questions are open, because Kafka
 * Streams commits a transaction after each tick, ten times a second.
 *
 * <p>See decision 63 in {@code docs/decisions.md} for {@link #touch}.
 */
final class RouterProcessor
    implements Processor<String, Parsed<? extends MessageLite>, String, MessageLite> {

  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private final Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters;
  private final String videos;
  private final QuestionGauges gauges;
  private ProcessorContext<String, MessageLite> context;
  private Arbiter arbiter;
  private Cancellable toucher;
  private Cancellable sweeper;

  /** Null while the clock is stopped. */
  private @Nullable Cancellable clock;

  /**
   * A processor of one partition of each input.
   *
   * @param videos the name of the only topic whose records may be tombstones
   * @param gauges takes the numbers of questions in the partition
   */
  RouterProcessor(
      Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters,
      String videos,
      QuestionGauges gauges) {
    this.arbiters = arbiters;
    this.videos = videos;
    this.gauges = gauges;
  }

  @Override
  public void init(ProcessorContext<String, MessageLite> context) {
    this.context = context;
    arbiter = arbiters.apply(context);
    toucher = context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, this::touch);
    sweeper = context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    update();
  }

  @Override
  public void process(Record<String, Parsed<? extends MessageLite>> record) {
    Parsed<? extends MessageLite> parsed = record.value();
    if (parsed == null) {
      withdraw(record);
    } else if (parsed instanceof Parsed.Valid<? extends MessageLite> valid) {
      dispatch(record, valid.message());
    } else if (parsed instanceof Parsed.Malformed<? extends MessageLite> malformed) {
      arbiter.reject(record, malformed.bytes(), malformed.reason());
    }
    update();
  }

  private void withdraw(Record<String, ?> record) {
    if (context.recordMetadata().orElseThrow().topic().equals(videos)) {
      arbiter.onVideoWithdrawn(record);
    } else {
      arbiter.rejectTombstone(record);
    }
  }

  private void dispatch(Record<String, ?> record, MessageLite message) {
    if (message instanceof VideoReference video) {
      arbiter.onVideo(record.withValue(video));
    } else if (message instanceof Question question) {
      arbiter.onQuestion(record.withValue(question));
    } else if (message instanceof ClipManifest manifest) {
      arbiter.onManifest(record.withValue(manifest));
    } else if (message instanceof Result result) {
      arbiter.onResult(record.withValue(result));
    }
  }

  /**
   * Runs once, soon after the start, because Kafka Streams writes no changelog records during
   * {@code init}.
   */
  private void touch(long now) {
    toucher.cancel();
    RouterState.touch(context, now);
  }

  /**
   * Also updates the gauges, because standing questions change without a record of the partition.
   */
  private void sweep(long now) {
    arbiter.sweep(now);
    gauges.set(this, arbiter.population());
  }

  /** Updates the gauges and starts the clock if a question is open. */
  private void update() {
    gauges.set(this, arbiter.population());
    if (clock == null && arbiter.hasOpenQuestions()) {
      clock = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }
  }

  private void tick(long now) {
    arbiter.tick(now);
    gauges.set(this, arbiter.population());
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

  /**
   * Kafka Streams may call {@link #init} again afterwards, after a failure that rolled back the
   * transaction.
   */
  @Override
  public void close() {
    gauges.remove(this);
    toucher.cancel();
    sweeper.cancel();
    stopClock();
  }
}
