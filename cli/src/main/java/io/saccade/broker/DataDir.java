package io.saccade.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
   * @throws BrokerException if it cannot be made or another broker holds it
   */
  static DataDir lock(Path dir) {
    Path real = create(dir);
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
   * Gives a new folder its node and cluster id; does nothing to one that has it.
   *
   * @throws BrokerException if the folder cannot be written
   */
  void format(int nodeId, String clusterId, String controllerListener) {
    Path log = log();
    if (Files.exists(log.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(log);
      new Formatter()
          .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
          .setNodeId(nodeId)
          .setClusterId(clusterId)
          .addDirectory(log.toString())
          .setMetadataLogDirectory(log.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName(controllerListener)
          .run();
    } catch (Exception e) { // run() declares no less
      throw unusable(dir, e);
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
