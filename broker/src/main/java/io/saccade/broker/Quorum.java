package io.saccade.broker;

import io.saccade.bus.Problems;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * The nodes of a cluster, each of which is a broker and a controller. A majority of them must be up
 * for anything to be written; three bear the loss of one.
 *
 * <p>The nodes trust each other and whoever reaches their ports: they belong on one machine or in a
 * closed network.
 *
 * @param nodeId which of them this is: its place in the list, from 1
 * @param controllers where node 1, 2, ... listens to the others, {@code host:port} each; the same
 *     list on every node, for good. At most 9
 * @param clusterId names the cluster, the same on every node: Kafka's 22 characters
 */
public record Quorum(int nodeId, List<String> controllers, String clusterId) {

  private static final int MOST_NODES = 9;

  /** More copies than three cost more than they save. */
  private static final int MOST_COPIES = 3;

  /** Checks all fields and copies the list. */
  public Quorum {
    controllers = List.copyOf(controllers);
    Problems problems =
        new Problems()
            .unless(
                !controllers.isEmpty() && controllers.size() <= MOST_NODES,
                "quorum",
                controllers,
                "name the 1 to " + MOST_NODES + " nodes")
            .unless(
                nodeId >= 1 && nodeId <= controllers.size(),
                "node-id",
                nodeId,
                "must be 1 to " + controllers.size() + ", the node's place in --quorum")
            .unless(
                isUuid(clusterId), "cluster-id", clusterId, "must be 16 bytes in URL-safe Base64");
    for (String address : controllers) {
      problems.unless(
          address.matches("[^\\s:@/,]+:[1-9][0-9]{0,4}"), "quorum", address, "is no host:port");
    }
    problems.throwIfAny("broker");
  }

  /** A node of the cluster that is named by its nodes' addresses. */
  public static Quorum of(int nodeId, List<String> controllers) {
    return new Quorum(nodeId, controllers, hash(String.join(",", controllers)));
  }

  /** How many nodes there are. */
  public int nodes() {
    return controllers.size();
  }

  /** This node's address for the other controllers. */
  String own() {
    return controllers.get(nodeId - 1);
  }

  /** Kafka's {@code controller.quorum.voters}. */
  String voters() {
    return IntStream.rangeClosed(1, nodes())
        .mapToObj(id -> id + "@" + controllers.get(id - 1))
        .collect(Collectors.joining(","));
  }

  /** Copies of each partition. */
  int copies() {
    return Math.min(nodes(), MOST_COPIES);
  }

  /** Copies that must have a record before it counts as written. */
  int leastInSync() {
    return copies() == MOST_COPIES ? MOST_COPIES - 1 : 1;
  }

  private static boolean isUuid(String id) {
    try {
      return Uuid.fromString(id).toString().equals(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(digest);
      return new Uuid(bytes.getLong(), bytes.getLong()).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
