package io.saccade.it;

import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.cli.Main;
import io.saccade.proto.Topics;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share a real broker, each with topics, a client and a folder of its own. */
abstract class BusIT {

  static EmbeddedBroker broker;

  @RegisterExtension final Parts parts = new Parts();
  @TempDir Path dir;

  BusConfig bus;
  PlainClient client;

  @BeforeAll
  static void startBroker(@TempDir Path folder) {
    broker = Bus.broker(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void connect() {
    bus = Bus.create(broker.bootstrapServers(), UUID.randomUUID() + ".", Bus.QUICK_GROUPS);
    client = parts.add(new PlainClient(bus));
  }

  QuestionRouter startRouter() {
    return parts.start(new QuestionRouter(RouterConfig.defaults(bus, dir.resolve("router"))));
  }

  /** A sampler of the shipped clips. */
  void startSampler() {
    parts.start(
        new FrameSampler(SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips())))));
  }

  void awaitModel() {
    patiently().alias("a model is announced").until(() -> !client.readAll(Topics.MODELS).isEmpty());
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
  }

  /** Starts a command of this bus in a process of its own. */
  RoleProcess role(String name, String command, String... options) throws IOException {
    return parts.process(name, Main.class, arguments(command, options));
  }

  /** The arguments of a command of this bus. */
  String[] arguments(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(0, command);
    arguments.add("--bootstrap-servers=" + bus.bootstrapServers());
    arguments.add("--topic-prefix=" + bus.topicPrefix());
    bus.kafka().forEach((key, value) -> arguments.add("--kafka=" + key + "=" + value));
    return arguments.toArray(String[]::new);
  }
}
