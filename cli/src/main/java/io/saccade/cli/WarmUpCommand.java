package io.saccade.cli;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.ingest.AnswerReader;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.Publisher;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.v1.VideoReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;

/**
 * Not for users: loads the classes that a start needs, so that the launcher can have the JVM
 * archive them ({@code -XX:ArchiveClassesAtExit}). Halves the processor time of a broker's start.
 */
@Command(name = "warm-up", hidden = true, description = "Loads the classes that a start needs.")
final class WarmUpCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Integer call() throws IOException {
    Path dir = Files.createTempDirectory("saccade-warm-up");
    try {
      useBroker(dir);
    } finally {
      delete(dir);
    }
    return Main.OK;
  }

  private static void useBroker(Path dir) {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0))) {
      BusConfig config = BusConfig.of(broker.bootstrapServers());
      try (Admin admin = BusCheck.connect(config)) {
        List<TopicCreator.TopicState> unused =
            new TopicCreator(admin, config, TopicPlan.DEFAULT).create();
      }
      try (Publisher publisher = Publisher.open(config);
          AnswerReader reader = AnswerReader.fromStart(config)) {
        VideoReference video =
            VideoReference.newBuilder().setVideoId("warm-up").setUri("file:/warm-up").build();
        Publisher.await(publisher.publish(video), PATIENCE);
        reader.readToEnd(answer -> {});
      }
    }
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
