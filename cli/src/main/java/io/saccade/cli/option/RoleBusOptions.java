package io.saccade.cli.option;

import io.saccade.ingest.Access;
import io.saccade.ingest.AccessCheck;
import io.saccade.ingest.IngestException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of a role that talks to a broker, which may be started together with it. */
public final class RoleBusOptions extends BusOptions {

  @Option(
      names = "--broker-patience",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long a broker may take to answer at the start; after that the process ends with"
              + " exit code 1. Default: ${DEFAULT-VALUE}")
  private Duration patience;

  /**
   * Waits for a broker, and makes sure that it lets the role work.
   *
   * @throws IngestException if not, naming everything that is missing
   */
  public void requireAccess(Access access) {
    AccessCheck.require(config(), access, patience);
  }
}
