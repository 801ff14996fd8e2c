package io.saccade.cli.option;

import io.saccade.ingest.Access;
import io.saccade.ingest.AccessCheck;
import io.saccade.ingest.IngestException;
import java.time.Duration;
import picocli.CommandLine.Option;

/**
 * The options of a role that connects to a broker; the broker may be started at the same time.
 *
 * <p>See decision 67 in {@code docs/decisions.md}.
 */
public final class RoleBusOptions extends BusOptions {

  @Option(
      names = "--broker-patience",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long to wait for a broker at the start; without one the process then ends with exit"
              + " code 1. Default: ${DEFAULT-VALUE}")
  private Duration timeout;

  /**
   * Waits for a broker and checks that the topics exist and that the role's user may use them.
   *
   * @throws IngestException if no broker answers in time, or if something is missing; it names
   *     everything that is
   */
  public void requireAccess(Access access) {
    AccessCheck.require(config(), access, timeout);
  }
}
