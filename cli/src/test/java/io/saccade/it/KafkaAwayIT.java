package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.bus.Work;
import io.saccade.bus.WorkLoop;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is away for longer than a producer waits. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaAwayIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @RegisterExtension final Parts parts = new Parts();
  @TempDir private Path dir;

  private final BlockingQueue<Work<Question>> taken = new LinkedBlockingQueue<>();
  private EmbeddedBroker broker;

  @Test
  void aResultIsRepeatedUntilItIsAcknowledged() throws Exception {
    broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0));
    parts.add(() -> broker.close()); // the one that runs then
    Map<String, String> kafka = new HashMap<>(Bus.QUICK_GROUPS);
    kafka.put("max.block.ms", "300");
    BusConfig bus = Bus.create(broker.bootstrapServers(), "away.", kafka);
    ContractProducer outlet = parts.add(new ContractProducer(bus));
    parts.start(
        new WorkLoop<>(
            bus,
            Topics.QUESTIONS,
            new WorkLoop.Options("test", "away", 4, Duration.ofSeconds(10)),
            Telemetry.none().metrics(MetricScope.WORKER),
            taken::add));
    send(bus, "first");
    Work<Question> work = taken.take();
    broker.close();

    AtomicInteger sends = new AtomicInteger();
    work.doneWhen(
        () -> {
          sends.incrementAndGet();
          return outlet.send(Topics.RESULTS, "video", result("first"));
        });
    Awaitility.await().atMost(PATIENCE).until(() -> sends.get() >= 3);
    broker = EmbeddedBroker.start(BrokerConfig.local(dir, port(bus)));

    try (PlainClient client = new PlainClient(bus)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(client.readAll(Topics.RESULTS))
                      .extracting(Result::getQuestionId)
                      .containsExactly("first"));
    }
    send(bus, "second");
    Work<Question> second = taken.take();
    assertThat(second.message().getQuestionId())
        .as("the first one is finished, and the loop goes on")
        .isEqualTo("second");
    second.done();
    Awaitility.await().atMost(PATIENCE).until(() -> Bus.committed(bus, "away").containsValue(2L));
  }

  private static void send(BusConfig bus, String id) {
    try (PlainClient client = new PlainClient(bus)) {
      client.send(Topics.QUESTIONS, question(id));
    }
  }

  private static int port(BusConfig bus) {
    String servers = bus.bootstrapServers();
    return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
  }

  private static Question question(String id) {
    return Question.newBuilder().setQuestionId(id).setVideoId("video").build();
  }

  private static Result result(String id) {
    return Result.newBuilder().setQuestionId(id).setVideoId("video").setText("yes").build();
  }
}
