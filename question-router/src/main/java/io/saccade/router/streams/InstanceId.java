package io.saccade.router.streams;

import io.saccade.bus.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Names a router by its state folder, so that one that is killed and started again takes its
 * partitions back at once (Kafka's static membership) instead of after the session timeout.
 */
public final class InstanceId {

  private static final String FILE = "router-instance";

  private InstanceId() {}

  /**
   * The name kept in {@code stateDir}, made on first use.
   *
   * @throws ConfigException if the folder cannot be written
   */
  public static String of(Path stateDir) {
    Path file = stateDir.resolve(FILE);
    try {
      Files.createDirectories(stateDir);
      if (Files.exists(file)) {
        return UUID.fromString(Files.readString(file).strip()).toString();
      }
    } catch (IllegalArgumentException | IOException e) {
      // Half written or not ours: a new name only costs the wait for the old one's session.
    }
    return create(stateDir, file);
  }

  private static String create(Path stateDir, Path file) {
    String id = UUID.randomUUID().toString();
    try {
      Files.writeString(file, id);
      return id;
    } catch (IOException e) {
      throw new ConfigException(
          "router", List.of("state-dir=" + stateDir + ": cannot be written: " + e));
    }
  }
}
