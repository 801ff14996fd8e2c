package io.saccade.chaos;

import io.saccade.bus.Await;
import io.saccade.bus.BusConfig;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * The service under test: three brokers, two samplers, two routers and three workers, each a
 * process.
 */
final class Cluster implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  /** Below the ephemeral ports, so that no connection takes the port of a broker that is down. */
  private static final int LOWEST_PORT = 15_000;

  private static final int HIGHEST_PORT = 30_000;

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(5);

  /** Client settings with which failed members are detected soon. */
  private static final Map<String, String> CLIENTS =
      Map.of(
          "session.timeout.ms", Long.toString(ChaosConfig.SESSION_TIMEOUT.toMillis()),
          "heartbeat.interval.ms", "1500",
          "request.timeout.ms", "5000");

  private final ChaosConfig config;
  private final Events events;
  private final Installation installation;
  private final List<Integer> ports = freePorts(2 * Part.BROKER.nodes());
  private final List<Node> nodes = new ArrayList<>();
  private final BusConfig bus;
  private boolean closed;

  /**
   * Plans the service; {@link #start} starts it.
   *
   * @param events notified of each process that ends by itself
   */
  Cluster(ChaosConfig config, Events events) {
    this.config = config;
    this.events = events;
    this.installation = new Installation(config.mainClass());
    this.bus =
        new BusConfig(
            String.join(",", addresses(ports.subList(0, Part.BROKER.nodes()))),
            Topics.DEFAULT_PREFIX,
            Map.of("request.timeout.ms", "5000"));
  }

  /** The address of the brokers, with client settings. */
  BusConfig bus() {
    return bus;
  }

  /** All processes, running or not; a copy. */
  synchronized List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * Starts all processes and returns when the topics are created; the roles may still be starting.
   *
   * @throws IngestException if the brokers do not start in time
   */
  void start() throws IOException, InterruptedException {
    Files.createDirectories(config.logs());
    for (int id = 1; id <= Part.BROKER.nodes(); id++) {
      add(Part.BROKER, id, broker(id));
    }
    createTopics();
    for (int id = 1; id <= Part.ROUTER.nodes(); id++) {
      add(Part.ROUTER, id, router(id));
    }
    for (int id = 1; id <= Part.SAMPLER.nodes(); id++) {
      add(Part.SAMPLER, id, role("sampler", "--allow-root=" + config.clips()));
    }
    for (int id = 1; id <= Part.WORKER.nodes(); id++) {
      add(Part.WORKER, id, worker(id));
    }
  }

  /** Whether every partition has all its replicas in sync, so that every broker is up. */
  boolean isFullyReplicated() throws InterruptedException {
    try (Admin admin = Admin.create(bus.admin())) {
      var names =
          admin
              .listTopics(new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
              .names();
      var topics = admin.describeTopics(names.get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
      return topics
          .allTopicNames()
          .get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .values()
          .stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.isr().size() == partition.replicas().size());
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return false;
    }
  }

  private synchronized void add(Part part, int id, List<String> args) {
    Node node = new Node(part, part.label() + "-" + id, installation, args, config.logs(), events);
    if (!closed) { // the run may be closed while the service starts
      nodes.add(node);
      node.start();
    }
  }

  private List<String> broker(int id) {
    List<Integer> controllers = ports.subList(Part.BROKER.nodes(), ports.size());
    return List.of(
        "broker",
        "--data=" + folder(Part.BROKER, id),
        "--port=" + ports.get(id - 1),
        "--node-id=" + id,
        "--quorum=" + String.join(",", addresses(controllers)));
  }

  private List<String> router(int id) {
    return role(
        "router",
        "--data=" + folder(Part.ROUTER, id),
        "--standby-replicas=1",
        "--commit-interval=50ms");
  }

  private List<String> worker(int id) {
    return role(
        "worker",
        "--engine=simulated",
        "--latency=" + config.latency().toMillis() + "ms",
        "--worker-name=worker-" + id);
  }

  private List<String> role(String command, String... options) {
    List<String> args = new ArrayList<>(List.of(command));
    args.add("--bootstrap-servers=" + bus.bootstrapServers());
    args.addAll(List.of(options));
    CLIENTS.forEach((key, value) -> args.add("--kafka=" + key + "=" + value));
    return args;
  }

  private Path folder(Part part, int id) {
    return config.data().resolve(part.label() + "-" + id);
  }

  private void createTopics() throws InterruptedException {
    TopicPlan plan =
        new TopicPlan(
            config.partitions(), (short) Part.BROKER.nodes(), TopicPlan.DEFAULT.framesRetention());
    boolean created = Await.until(START_TIMEOUT, () -> create(plan));
    if (!created) {
      throw new IngestException(
          "the brokers did not come up within %d s; see %s"
              .formatted(START_TIMEOUT.toSeconds(), config.logs()));
    }
  }

  private boolean create(TopicPlan plan) {
    try (Admin admin = BusCheck.connect(bus)) {
      var unused = new TopicCreator(admin, bus, plan).create();
      return true;
    } catch (IngestException | KafkaException e) {
      return false; // not all brokers are up yet
    }
  }

  private static List<String> addresses(List<Integer> ports) {
    return ports.stream().map(port -> HOST + ":" + port).toList();
  }

  private static List<Integer> freePorts(int count) {
    return Stream.generate(() -> ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT))
        .distinct()
        .filter(Cluster::isFree)
        .limit(count)
        .toList();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills every process. */
  @Override
  public synchronized void close() {
    closed = true;
    nodes.forEach(Node::close);
  }
}
