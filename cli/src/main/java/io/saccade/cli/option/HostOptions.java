package io.saccade.cli.option;

import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.AddressBlock;
import io.saccade.video.access.DownloadLimits;
import io.saccade.video.access.HostRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options for the hosts that the sampler may download videos from, and the limits of that. */
public final class HostOptions {

  private static final DownloadLimits DEFAULTS = DownloadLimits.defaults();

  @Option(
      names = "--allow-host",
      paramLabel = "NAME[:PORT]",
      split = ",",
      description =
          "A host that videos may be downloaded from by http or https, for example"
              + " videos.example.com or *.example.com:8443; without a port, the scheme's own. May be"
              + " repeated. Default: none")
  private final List<HostRule> hosts = new ArrayList<>();

  @Option(
      names = "--allow-network",
      paramLabel = "ADDRESS[/BITS]",
      split = ",",
      description =
          "Addresses that those hosts may have although they are not public, for example"
              + " 10.2.0.0/16; may be repeated. Default: none")
  private final List<AddressBlock> networks = new ArrayList<>();

  @Option(
      names = "--download-dir",
      paramLabel = "DIR",
      description =
          "The folder of a downloaded video while it is sampled. Default: the system's folder for"
              + " temporary files")
  private Path downloadDir = DEFAULTS.folder();

  @Option(
      names = "--download-bytes",
      paramLabel = "BYTES",
      defaultValue = "4GiB",
      description = "The largest video that is downloaded. Default: ${DEFAULT-VALUE}")
  private ByteSize downloadBytes;

  @Option(
      names = "--download-timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "How long a download may take. Default: ${DEFAULT-VALUE}")
  private Duration downloadTimeout;

  /**
   * The files and hosts that the sampler may read from.
   *
   * @param roots folders below which videos may be read
   * @param more hosts that are allowed besides those of the options
   */
  public AccessConfig config(List<Path> roots, HostRule... more) {
    return new AccessConfig(
        roots,
        Stream.concat(hosts.stream(), Stream.of(more)).toList(),
        networks,
        new DownloadLimits(
            downloadDir, downloadBytes.bytes(), downloadTimeout, DEFAULTS.idleTime()));
  }
}
