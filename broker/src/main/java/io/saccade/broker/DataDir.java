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
 * The folder of an embedded broker, held by one process at a time.
 *
 * <p>Kafka locks its folder too, but only after it has begun to start, and ends the process when
 * that fails. This lock comes first and fails as an exception.
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
   * Makes the folder if needed and takes its lock.
   *
   * @throws BrokerException if it cannot be made, Kafka cannot use it or another broker holds it
   */
  static DataDir lock(Path dir) {
    Path real = create(dir);
    if (real.toString().contains(",")) { // to Kafka these would be two folders
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
            "data=" + dir + ": another broker is running on this folder; stop it or name another");
      }
      return new DataDir(real, channel);
    } catch (IOException e) {
      throw unusable(dir, e);
    }
  }

  /** The folder's real path. */
  Path path() {
    return dir;
  }

  /** The log's folder within it. */
  Path log() {
    return dir.resolve("kafka");
  }

  /**
   * Gives a new folder its node and cluster id; one that has them must be this node's.
   *
   * @param clusterId absent = the one that the folder has, or a new one
   * @throws BrokerException if the folder is another node's or cannot be written
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
    } catch (Exception e) { // run() declares no less
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

  /** Kafka would take another cluster's folder for an old one of its own. */
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

  /** Gives the lock back. */
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

  /** Whether this process now holds the lock, which ends with the channel. */
  @SuppressWarnings("resource") // the lock is the channel's
  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  private static BrokerException unusable(Path dir, Exception e) {
    return new BrokerException(
        "data=" + dir + ": not a folder that can be written (" + e.getMessage() + ")", e);
  }
}
