package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.saccade.proto.Parsed;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Question;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A work loop")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WorkLoopTest {

  private static final BusConfig BUS = BusConfig.of("localhost:1");
  private static final String GROUP = "saccade.test";
  private static final String NOTES = "saccade.test.notes";
  private static final TopicPartition PARTITION = new TopicPartition("saccade.questions", 0);
  private static final int PLACES = 4;

  private final Map<String, Group> groups = new ConcurrentHashMap<>();
  private final Handler handler = new Handler();
  private final QuarantineLock solitude = new QuarantineLock();
  private WorkLoop<Question> loop;
  private long sent;

  @AfterEach
  void close() {
    handler.all.forEach(Work::done);
    loop.close();
  }

  @Test
  @DisplayName("notes what it begins before it begins it")
  void notesFirst() throws Exception {
    start();
    send("a", "b");

    take("a");
    take("b");

    assertThat(handler.notesAtBegin).allMatch(notes -> notes.matches("saccade-1 -1 b0(-1)?"));
  }

  @Test
  @DisplayName("begins nothing that it could not note, and goes on polling")
  void notNoted() throws Exception {
    start();
    notes().failure = new TimeoutException("away");
    send("a");
    await().until(() -> notes().failures.get() > 2);
    assertThat(handler.taken).isEmpty();

    notes().failure = null;

    take("a");
  }

  @Test
  @DisplayName("tries what was under way at a crash alone, the more harmless first")
  void triesAlone() throws Exception {
    left("saccade-1 -1 s0*2,b1-2");
    start();
    send("a", "b", "c", "d");

    Work<Question> first = take("b");
    assertThat(handler.taken).isEmpty();
    assertThat(notes().metadata()).isEqualTo("saccade-1 -1 s0*2,a1,s2");
    first.done();
    take("c").done();
    take("a").done();
    take("d");
    assertThat(notes().metadata()).isEqualTo("saccade-1 -1 b0");
  }

  @Test
  @DisplayName("condemns what crashed alone too often, and goes on with the rest")
  void condemns() throws Exception {
    left("saccade-1 -1 a0*2,b1");
    start();
    send("a", "b");

    Work<Question> guilty = handler.condemned.poll(30, TimeUnit.SECONDS);
    assertThat(guilty.message().getQuestionId()).isEqualTo("a");
    take("b");
    guilty.done();
    await().until(() -> group().offset() == 1);
  }

  @Test
  @DisplayName("waits with a suspect for the other loops of its process")
  void waitsForOtherLoops() throws Exception {
    Optional<QuarantineLock.Stay> other = solitude.enter();
    left("saccade-1 -1 b0");
    start();
    send("a");
    await().until(() -> solitude.enter().isEmpty());
    assertThat(handler.taken).isEmpty();

    other.orElseThrow().close();

    take("a");
  }

  @Test
  @DisplayName("leaves no suspects when it is stopped in order")
  void leavesInOrder() throws Exception {
    start();
    send("a", "b", "c");
    Work<Question> a = take("a");
    Work<Question> b = take("b");
    Work<Question> c = take("c");

    CompletableFuture<Void> closed = CompletableFuture.runAsync(loop::close);
    await().until(a::cancelled);
    a.drop();
    b.done();
    c.drop();
    closed.join();

    assertThat(notes().metadata()).isEqualTo("saccade-1 -1 d1");
    assertThat(notes().offset()).isZero();
  }

  @Test
  @DisplayName("does not begin what is too far ahead of the first unfinished record")
  void notTooFarAhead() throws Exception {
    start(new WorkLoop.Options("test", "test", PLACES, 2, 3, Duration.ZERO));
    send("q0", "q1", "q2", "q3", "q4");
    Work<Question> first = take("q0");
    take("q1").done();
    await().until(() -> group().paused().contains(PARTITION));
    assertThat(handler.taken).isEmpty();

    first.done();

    take("q2");
    take("q3");
  }

  @Test
  @DisplayName("lets others pass a full house of those that yield, and takes these by their rank")
  void yields() throws Exception {
    start();
    send("yields-9", "yields-8", "yields-7", "yields-6");
    Work<Question> first = take("yields-6");
    Work<Question> second = take("yields-7");
    send("yields-5", "yields-4", "yields-3", "yields-2");
    await().until(() -> group().position(PARTITION) == 8);
    assertThat(handler.taken).isEmpty();

    send("pressing");

    take("pressing");
    first.done();
    second.done();
    take("yields-2");
    take("yields-3");
  }

  @Test
  @DisplayName("tries an effect again until it is acknowledged")
  void effectsAreRepeated() throws Exception {
    start();
    send("a");
    AtomicInteger attempts = new AtomicInteger();

    take("a")
        .doneWhen(
            () ->
                attempts.incrementAndGet() < 3
                    ? CompletableFuture.failedFuture(new TimeoutException("away"))
                    : CompletableFuture.completedFuture(null));

    await().atMost(Duration.ofSeconds(30)).until(() -> group().offset() == 1);
    assertThat(attempts).hasValue(3);
  }

  private void start() {
    start(new WorkLoop.Options("test", "test", PLACES, Duration.ofSeconds(30)));
  }

  private void start(WorkLoop.Options options) {
    loop =
        new WorkLoop<>(
            BUS,
            Topics.QUESTIONS,
            options,
            Telemetry.none().metrics(MetricScope.WORKER),
            handler,
            solitude,
            this::open);
    loop.start();
    await().until(() -> groups.containsKey(GROUP) && group().subscription().size() == 1);
    group()
        .schedulePollTask(
            () -> {
              group().rebalance(List.of(PARTITION));
              group().updateBeginningOffsets(Map.of(PARTITION, 0L));
            });
    await().until(() -> group().assignment().contains(PARTITION));
  }

  private Consumer<String, Parsed<Question>> open(Map<String, Object> settings) {
    return groups.computeIfAbsent(
        (String) settings.get(ConsumerConfig.GROUP_ID_CONFIG), id -> new Group());
  }

  private Group group() {
    return groups.get(GROUP);
  }

  private Group notes() {
    return groups.get(NOTES);
  }

  /** What the member before noted, at offset 0. */
  private void left(String metadata) {
    Group notes = new Group();
    notes.committed.put(PARTITION, new OffsetAndMetadata(0, metadata));
    groups.put(NOTES, notes);
  }

  /** Sends questions of these ids, which come together. */
  private void send(String... ids) {
    long first = sent;
    sent += ids.length;
    group()
        .schedulePollTask(
            () -> {
              for (int i = 0; i < ids.length; i++) {
                group().addRecord(record(first + i, ids[i]));
              }
            });
  }

  private static ConsumerRecord<String, Parsed<Question>> record(long offset, String id) {
    Question question = Question.newBuilder().setQuestionId(id).setVideoId("v").build();
    return new ConsumerRecord<>(PARTITION.topic(), 0, offset, "v", new Parsed.Valid<>(question));
  }

  private Work<Question> take(String id) throws InterruptedException {
    Work<Question> work = handler.taken.poll(30, TimeUnit.SECONDS);
    assertThat(work).as("work").isNotNull();
    assertThat(work.message().getQuestionId()).isEqualTo(id);
    return work;
  }

  /** Remembers what it was given. */
  private final class Handler implements WorkHandler<Question> {

    final BlockingQueue<Work<Question>> taken = new LinkedBlockingQueue<>();
    final BlockingQueue<Work<Question>> condemned = new LinkedBlockingQueue<>();
    final List<String> notesAtBegin = new CopyOnWriteArrayList<>();
    final List<Work<Question>> all = new CopyOnWriteArrayList<>();

    @Override
    public void begin(Work<Question> work) {
      notesAtBegin.add(notes().metadata());
      all.add(work);
      taken.add(work);
    }

    @Override
    public void condemned(Work<Question> work) {
      all.add(work);
      condemned.add(work);
    }

    @Override
    public long rank(Question question) {
      String id = question.getQuestionId();
      return id.startsWith("yields-") ? Long.parseLong(id.substring(7)) : 0;
    }
  }

  /** A group whose commits outlive its members and may fail. */
  private static final class Group extends MockConsumer<String, Parsed<Question>> {

    final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    final AtomicInteger failures = new AtomicInteger();
    volatile KafkaException failure;

    Group() {
      super("earliest");
    }

    @Override
    public synchronized void commitSync(
        Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      if (failure != null) {
        failures.incrementAndGet();
        throw failure;
      }
      committed.putAll(offsets);
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
      committed.putAll(offsets);
      callback.onComplete(offsets, null);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions, Duration timeout) {
      Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, committed.get(partition)));
      return found;
    }

    synchronized long offset() {
      return committed.containsKey(PARTITION) ? committed.get(PARTITION).offset() : -1;
    }

    synchronized String metadata() {
      return committed.containsKey(PARTITION) ? committed.get(PARTITION).metadata() : "";
    }
  }
}
