package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.Work;
import io.saccade.bus.WorkHandler;
import io.saccade.bus.WorkLoop;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Question;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The work loop as a member of a real group. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkLoopIT extends BusIT {

  private static final String GROUP = "loop-test";
  private static final int LIMIT = 10;
  private static final int PARTITIONS = TopicPlan.DEFAULT_PARTITIONS;
  private static final int EACH = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Deque<WorkLoop<Question>> loops = new ArrayDeque<>();
  private final BlockingQueue<Work<Question>> taken = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    loops.forEach(WorkLoop::close);
  }

  @Test
  void aCommitNeverPassesAnUnfinishedRecord() throws Exception {
    TopicPartition partition = send("video", 5);
    WorkLoop<Question> loop = loop(Duration.ZERO, taken::add);
    List<Work<Question>> works = take(5);

    List.of(4, 0, 3, 1).forEach(i -> works.get(i).done());
    awaitCommitted(Map.of(partition, 2L));
    loop.close(); // commits everything that it may

    assertThat(committed()).containsEntry(partition, 2L);
    loop(Duration.ZERO, taken::add);
    Work<Question> last = take(1).get(0);
    assertThat(id(last)).as("what was finished is not done again").isEqualTo("video-2");
    last.done();
    awaitCommitted(Map.of(partition, 5L));
    assertThat(taken).isEmpty();
  }

  @Test
  void recordsMayFinishInAnyOrder() throws Exception {
    TopicPartition partition = send("video", 8);
    loop(Duration.ZERO, taken::add);
    List<Work<Question>> works = take(8);

    for (int i = 7; i >= 0; i--) {
      works.get(i).done();
      works.get(i).done(); // a repeat is ignored
    }

    awaitCommitted(Map.of(partition, 8L));
  }

  @Test
  void noMoreIsTakenThanMayBeUnderWay() throws Exception {
    send("video", 12);
    loop(Duration.ZERO, taken::add);
    List<Work<Question>> first = take(LIMIT);
    assertThat(taken).isEmpty();

    first.forEach(Work::done);

    assertThat(ids(take(2))).containsExactly("video-10", "video-11");
  }

  @Test
  void nothingIsLostWhenASecondMemberComes() {
    Map<TopicPartition, Long> end = sendToAllPartitions();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    Gate gate = new Gate();
    loop(
        Duration.ZERO,
        work -> {
          seen.add(id(work));
          gate.pass(work);
        });
    Awaitility.await().until(() -> gate.held() >= LIMIT);

    AtomicInteger second = new AtomicInteger();
    loop(
        Duration.ZERO,
        work -> {
          seen.add(id(work));
          second.incrementAndGet();
          work.done();
        });
    Awaitility.await().atMost(PATIENCE).until(() -> second.get() > 0);
    gate.open();

    awaitCommitted(end);
    assertThat(seen).hasSize(end.values().stream().mapToInt(Long::intValue).sum());
  }

  @Test
  void closingWaitsForWorkUnderWay() throws Exception {
    TopicPartition partition = send("video", 1);
    WorkLoop<Question> loop = loop(PATIENCE, taken::add);
    Work<Question> work = take(1).get(0);

    CompletableFuture<Void> closed = CompletableFuture.runAsync(loop::close);
    Awaitility.await().until(work::cancelled);
    assertThat(closed).isNotDone();
    work.done();
    closed.join();

    assertThat(committed()).containsEntry(partition, 1L);
  }

  @Test
  void closingLeavesDroppedWorkToTheNextMember() throws Exception {
    TopicPartition partition = send("video", 3);
    WorkLoop<Question> loop = loop(Duration.ofDays(1), taken::add); // no test waits for that
    List<Work<Question>> works = take(3);

    CompletableFuture<Void> closed = CompletableFuture.runAsync(loop::close);
    Awaitility.await().until(works.get(2)::cancelled);
    works.get(1).drop();
    works.get(2).drop();
    works.get(0).done();
    closed.join();

    assertThat(committed()).containsEntry(partition, 1L);
    loop(Duration.ZERO, taken::add);
    assertThat(ids(take(2))).containsExactly("video-1", "video-2");
  }

  @Test
  void aGroupThatIsResetHasItsRecordsAgain() throws Exception {
    TopicPartition partition = send("video", 3);
    WorkLoop<Question> loop = loop(Duration.ZERO, Work::done);
    awaitCommitted(Map.of(partition, 3L));
    loop.close();

    try (Admin admin = BusCheck.connect(bus)) {
      admin
          .alterConsumerGroupOffsets(
              bus.topicPrefix() + GROUP, Map.of(partition, new OffsetAndMetadata(1)))
          .all()
          .get();
    }

    loop(Duration.ZERO, taken::add);
    assertThat(ids(take(2))).containsExactly("video-1", "video-2");
  }

  @Test
  void onlyCancelledWorkMayBeDropped() throws Exception {
    send("video", 1);
    loop(Duration.ZERO, taken::add);
    Work<Question> work = take(1).get(0);

    assertThatThrownBy(work::drop).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRecordThatDoesNotParseIsBuriedAndPassed() throws Exception {
    TopicPartition partition = send("video", 1);
    client.send(Topics.QUESTIONS, "video", "garbage".getBytes(StandardCharsets.UTF_8));
    loop(Duration.ZERO, Work::done);

    awaitCommitted(Map.of(partition, 2L));

    assertThat(client.readAll(Topics.DEAD_LETTERS))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getTopic()).isEqualTo(partition.topic());
              assertThat(letter.getPartition()).isEqualTo(partition.partition());
              assertThat(letter.getOffset()).isEqualTo(1);
              assertThat(letter.getValue().toStringUtf8()).isEqualTo("garbage");
            });
  }

  private WorkLoop<Question> loop(Duration grace, WorkHandler<Question> handler) {
    WorkLoop<Question> loop =
        new WorkLoop<>(
            bus,
            Topics.QUESTIONS,
            new WorkLoop.Options("test", GROUP, LIMIT, grace),
            Telemetry.none().metrics(MetricScope.WORKER),
            handler);
    loops.push(loop);
    loop.start();
    return loop;
  }

  /** Writes questions {@code video-0} and so on and says where they lie. */
  private TopicPartition send(String video, int count) {
    RecordMetadata at = null;
    for (int i = 0; i < count; i++) {
      at = client.send(Topics.QUESTIONS, question(video, i));
    }
    return new TopicPartition(at.topic(), at.partition());
  }

  /** Writes as many records to each partition and says where each ends. */
  private Map<TopicPartition, Long> sendToAllPartitions() {
    Map<TopicPartition, Long> end = new HashMap<>();
    for (int video = 0; end.size() < PARTITIONS; video++) {
      RecordMetadata first = client.send(Topics.QUESTIONS, question("v" + video, 0));
      TopicPartition partition = new TopicPartition(first.topic(), first.partition());
      for (int i = 1; i < EACH && !end.containsKey(partition); i++) {
        client.send(Topics.QUESTIONS, question("v" + video, i));
      }
      end.merge(partition, (long) EACH, (sent, more) -> sent + 1);
    }
    return end;
  }

  private static Question question(String video, int number) {
    return Question.newBuilder().setVideoId(video).setQuestionId(video + "-" + number).build();
  }

  private List<Work<Question>> take(int count) throws InterruptedException {
    List<Work<Question>> works = new ArrayList<>();
    while (works.size() < count) {
      works.add(taken.take());
    }
    return works;
  }

  private static List<String> ids(List<Work<Question>> works) {
    return works.stream().map(WorkLoopIT::id).toList();
  }

  private static String id(Work<Question> work) {
    return work.message().getQuestionId();
  }

  private void awaitCommitted(Map<TopicPartition, Long> offsets) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(committed()).containsAllEntriesOf(offsets));
  }

  private Map<TopicPartition, Long> committed() throws ExecutionException, InterruptedException {
    return Bus.committed(bus, GROUP);
  }

  /** Holds work until it opens. */
  private static final class Gate {

    private final List<Work<Question>> held = new ArrayList<>();
    private boolean open;

    synchronized void pass(Work<Question> work) {
      if (open) {
        work.done();
      } else {
        held.add(work);
      }
    }

    synchronized void open() {
      open = true;
      held.forEach(Work::done);
    }

    synchronized int held() {
      return held.size();
    }
  }
}
