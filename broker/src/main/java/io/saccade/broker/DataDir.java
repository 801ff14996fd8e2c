package io.saccade.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The folder of an embedded broker, locked by one process at a time.
 *
 * <p>Kafka locks its log folder, too, but during its startup, and exits the process if that fails.
 * This lock is taken first and throws an exception instead.
 */
final class DataDir implements AutoCloseable {

  private static final String LOCK_FILE = "saccade.lock";

  private final Path dir;
  private final FileChannel channel;

  private DataDir(Path dir, FileChannel channel) {
    this.dir = dir;
    this.channel = channel;
  }

  /**
   * Creates the folder if needed and locks it.
   *
   * @throws BrokerException if it cannot be created, Kafka cannot use it, or another broker has
   *     locked it
   */
  static DataDir lock(Path dir) {
    Path real = create(dir);
    if (real.toString().contains(",")) { // Kafka would read two folders
      throw new BrokerException(
          "data=%s: Kafka takes no folder with a comma in its path, %s; name another"
              .formatted(dir, real));
    }
    try {
      FileChannel channel =
          FileChannel.open(
              real.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new BrokerException(
            "data="
                + dir
                + ": another broker is running on this folder; stop it or name another folder");
      }
      return new DataDir(real, channel);
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** The subfolder of Kafka's log. */
  Path log() {
    return dir.resolve("kafka");
  }

  /**
   * Writes the node id and cluster id to a new folder, or checks those of an existing one.
   *
   * @param clusterId the expected cluster id; absent accepts the folder's, or creates one for a new
   *     folder
   * @throws BrokerException if the folder belongs to another node or is not writable
   */
  void format(int nodeId, Optional<String> clusterId, String controllerListener) {
    Path log = log();
    Path ids = log.resolve("meta.properties");
    try {
      if (Files.exists(ids)) {
        requireOwn(read(ids), nodeId, clusterId);
        return;
      }
      Files.createDirectories(log);
      new Formatter()
          .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
          .setNodeId(nodeId)
          .setClusterId(clusterId.orElseGet(() -> Uuid.randomUuid().toString()))
          .addDirectory(log.toString())
          .setMetadataLogDirectory(log.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName(controllerListener)
          .run();
    } catch (BrokerException e) {
      throw e;
    } catch (Exception e) { // run() declares Exception
      throw unusable(dir, e);
    }
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  /** Kafka itself would start on the folder of another cluster. */
  private void requireOwn(Properties ids, int nodeId, Optional<String> clusterId) {
    String node = ids.getProperty("node.id");
    String cluster = ids.getProperty("cluster.id");
    if (!Integer.toString(nodeId).equals(node) || !clusterId.orElse(cluster).equals(cluster)) {
      throw new BrokerException(
          "data=%s: belongs to node %s of cluster %s and not to node %d%s; name another folder"
              .formatted(
                  dir, node, cluster, nodeId, clusterId.map(id -> " of cluster " + id).orElse("")));
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  private static Path create(Path dir) {
    try {
      return Files.createDirectories(dir.toAbsolutePath()).toRealPath();
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** Tries to take the lock, which is held until the channel is closed. */
  @SuppressWarnings("resource") // the lock is the channel's
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this process
    }
  }

  private static BrokerException unusable(Path dir, Exception e) {
    return new BrokerException(
        "data=" + dir + ": not a folder that can be written (" + e.getMessage() + ")", e);
  }
}
