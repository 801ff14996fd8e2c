package io.saccade.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks of quorums and of secured brokers, which cannot be part of one. */
class QuorumTest {

  private static final List<String> THREE = List.of("a:1", "b:2", "c:3");

  @Test
  void theNodesOfAListAreOneCluster() {
    Quorum first = Quorum.of(1, THREE);
    Quorum third = Quorum.of(3, THREE);

    assertThat(first.clusterId()).hasSize(22).isEqualTo(third.clusterId());
    assertThat(Quorum.of(1, List.of("a:1", "b:2")).clusterId()).isNotEqualTo(first.clusterId());
    assertThat(third.own()).isEqualTo("c:3");
    assertThat(third.voters()).isEqualTo("1@a:1,2@b:2,3@c:3");
  }

  @Test
  void threeNodesKeepThreeCopiesOfWhichTwoMustBeInSync() {
    assertThat(Quorum.of(1, THREE).copies()).isEqualTo(3);
    assertThat(Quorum.of(1, THREE).leastInSync()).isEqualTo(2);
    assertThat(Quorum.of(1, List.of("a:1", "b:2")).copies()).isEqualTo(2);
    assertThat(Quorum.of(1, List.of("a:1", "b:2")).leastInSync()).isEqualTo(1);
    assertThat(Quorum.of(1, List.of("a:1", "b:2", "c:3", "d:4", "e:5")).copies()).isEqualTo(3);
  }

  @Test
  void allProblemsAreNamedTogether() {
    assertThatThrownBy(() -> new Quorum(4, List.of("a:1", "b", "c:0"), "short"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("node-id=4")
        .hasMessageContaining("quorum=b: is not host:port")
        .hasMessageContaining("quorum=c:0")
        .hasMessageContaining("cluster-id=short");
    assertThatThrownBy(() -> Quorum.of(1, List.of())).hasMessageContaining("quorum=[]");
  }

  @Test
  void aSecuredBrokerCannotJoinAQuorum(@TempDir Path dir) throws Exception {
    Path store = Files.createFile(dir.resolve("keys.p12"));
    BrokerSecurity security = new BrokerSecurity(store, "secret-1", "admin", "secret-2");
    BrokerConfig config = BrokerConfig.local(dir, 0).withSecurity(security);

    assertThatThrownBy(() -> config.withQuorum(Quorum.of(1, THREE)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("in the clear");
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void passwordsAreNotInMessages(@TempDir Path dir) {
    assertThatThrownBy(
            () -> new BrokerSecurity(dir.resolve("absent"), "hunter2", "bad user", "hunter3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("key-store=")
        .hasMessageContaining("admin-user=bad user")
        .hasMessageContaining("admin-password=(7 characters): must have at least 8")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void aKeyStoreThatCannotBeOpenedIsRefusedWithOneMessage(@TempDir Path dir) throws Exception {
    Path store = Files.writeString(dir.resolve("keys.p12"), "no key store");
    BrokerSecurity security = new BrokerSecurity(store, "secret-1", "admin", "secret-2");

    assertThatThrownBy(
            () ->
                EmbeddedBroker.start(
                    BrokerConfig.local(dir.resolve("data"), 0).withSecurity(security)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("broker: ")
        .hasMessageNotContaining("secret-1");
  }
}
