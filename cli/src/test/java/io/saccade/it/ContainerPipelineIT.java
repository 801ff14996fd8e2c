package io.saccade.it;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The service over Apache's own broker image, where there is a Docker engine to run it. */
@EnabledIf(value = "hasDocker", disabledReason = "no Docker engine answers to start the broker")
class ContainerPipelineIT extends PipelineContract {

  private static final String IMAGE = "apache/kafka:4.3.1";

  private KafkaContainer broker;

  @Override
  String startBroker(Path folder) {
    broker = new KafkaContainer(IMAGE);
    broker.start();
    return broker.getBootstrapServers();
  }

  /** Quietly: that there is no engine is a reason to skip, not an error to explain at length. */
  static boolean hasDocker() {
    Logger log = (Logger) LoggerFactory.getLogger("org.testcontainers");
    Level before = log.getLevel();
    log.setLevel(Level.OFF);
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } finally {
      log.setLevel(before);
    }
  }

  @Override
  void stopBroker() {
    broker.stop();
  }
}
