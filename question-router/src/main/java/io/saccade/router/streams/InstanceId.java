package io.saccade.router.streams;

import io.saccade.bus.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The instance id of a router, which belongs to its state folder: a router that is killed and
 * started again on the same folder gets its partitions back at once instead of after the session
 * timeout (Kafka's static group membership, KIP-345).
 *
 * <p>See decision 9 in {@code docs/decisions.md}.
 */
final class InstanceId {

  private static final String FILE = "router-instance";

  private InstanceId() {}

  /**
   * The id in {@code stateDir}, created at the first use.
   *
   * @throws ConfigException if the folder is not writable
   */
  static String of(Path stateDir) {
    Path file = stateDir.resolve(FILE);
    try {
      Files.createDirectories(stateDir);
      if (Files.exists(file)) {
        return UUID.fromString(Files.readString(file).strip()).toString();
      }
    } catch (IllegalArgumentException | IOException e) {
      // The file is damaged: a new id only costs the wait for the session timeout of the old one.
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
