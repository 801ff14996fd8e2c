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
 * The nodes of a cluster, each of which is a broker and a KRaft controller. A majority of them must
 * be up for writes; three nodes survive the loss of one.
 *
 * <p>Connections are neither encrypted nor authenticated, so the nodes must be on one machine or in
 * a closed network.
 *
 * @param nodeId the number of this node, its place in {@code controllers} from 1
 * @param controllers the addresses of the controllers of nodes 1, 2, ..., {@code host:port} each, 1
 *     to 9; the same list on every node, which must not change later
 * @param clusterId the cluster's id, the same on every node: 16 bytes as 22 characters of URL-safe
 *     Base64
 */
public record Quorum(int nodeId, List<String> controllers, String clusterId) {

  private static final int MOST_NODES = 9;

  /** Replication factor of topics in larger quorums. */
  private static final int MOST_COPIES = 3;

  /**
   * Checks all fields and copies the list.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is invalid
   */
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
          address.matches("[^\\s:@/,]+:[1-9][0-9]{0,4}"), "quorum", address, "is not host:port");
    }
    problems.throwIfAny("broker");
  }

  /** A node of the cluster whose id is derived from the nodes' addresses. */
  public static Quorum of(int nodeId, List<String> controllers) {
    return new Quorum(nodeId, controllers, hash(String.join(",", controllers)));
  }

  /** The number of nodes. */
  public int nodes() {
    return controllers.size();
  }

  /** The address of this node's controller. */
  String own() {
    return controllers.get(nodeId - 1);
  }

  /** The value of Kafka's {@code controller.quorum.voters}. */
  String voters() {
    return IntStream.rangeClosed(1, nodes())
        .mapToObj(id -> id + "@" + controllers.get(id - 1))
        .collect(Collectors.joining(","));
  }

  /** The replication factor of topics. */
  int copies() {
    return Math.min(nodes(), MOST_COPIES);
  }

  /**
   * The value of Kafka's {@code min.insync.replicas}: copies that must have a record before it is
   * acknowledged.
   */
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
