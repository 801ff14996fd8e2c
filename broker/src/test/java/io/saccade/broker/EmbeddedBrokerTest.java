package io.saccade.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import io.saccade.ingest.BusCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @TempDir private Path dir;

  @Test
  void aSecondStartOnTheSameFolderGoesOnWithTheSameCluster() throws Exception {
    String cluster;
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0));
        Admin admin = admin(broker)) {
      cluster = admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);
      admin
          .createTopics(List.of(new NewTopic("kept", 3, (short) 1)))
          .all()
          .get(10, TimeUnit.SECONDS);
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0));
        Admin admin = admin(broker)) {
      assertThat(admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS)).isEqualTo(cluster);
      assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).contains("kept");
    }
  }

  @Test
  void aFolderServesOneBrokerAtATime() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0))) {
      assertThat(broker.bootstrapServers()).matches("127\\.0\\.0\\.1:\\d+");
      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.local(dir, 0)))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("another broker is running on this folder");
    }
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrokerConfig config = BrokerConfig.local(dir, other.getLocalPort());

      assertThatThrownBy(() -> EmbeddedBroker.start(config))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("port=" + other.getLocalPort());
    }
    // The failed start released the folder.
    EmbeddedBroker.start(BrokerConfig.local(dir, 0)).close();
  }

  @Test
  void aFolderOfAnotherNodeIsRefused() {
    BrokerConfig alone = BrokerConfig.local(dir, 0);
    EmbeddedBroker.start(alone).close();
    List<String> nodes = List.of(free(), free());

    assertThatThrownBy(() -> EmbeddedBroker.start(alone.withQuorum(Quorum.of(1, nodes))))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("belongs to node 1 of cluster ")
        .hasMessageContaining("and not to node 1 of cluster " + Quorum.of(1, nodes).clusterId());
    assertThatThrownBy(() -> EmbeddedBroker.start(alone.withQuorum(Quorum.of(2, nodes))))
        .hasMessageContaining("and not to node 2 of cluster ");
    EmbeddedBroker.start(alone).close();
  }

  @Test
  void aTakenPortOfItsControllerIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = "127.0.0.1:" + other.getLocalPort();
      Quorum quorum = Quorum.of(2, List.of(free(), taken));

      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.local(dir, 0).withQuorum(quorum)))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("quorum=" + taken);
    }
  }

  private static String free() {
    return "127.0.0.1:" + Ports.claim("127.0.0.1", 0);
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));

    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.local(file, 0)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("not a folder that can be written");
  }

  @Test
  void aFolderThatKafkaTakesForTwoIsRefused() {
    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.local(dir.resolve("a,b"), 0)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("comma");
  }

  private static Admin admin(EmbeddedBroker broker) {
    return BusCheck.connect(BusConfig.of(broker.bootstrapServers()));
  }
}
