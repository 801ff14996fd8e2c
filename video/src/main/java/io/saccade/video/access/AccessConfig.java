package io.saccade.video.access;

import java.nio.file.Path;
import java.util.List;

/**
 * What untrusted references may open. Everything that is not listed here is refused.
 *
 * @param roots folders below which files may be opened
 * @param hosts hosts that videos may be fetched from
 * @param networks non-public addresses that those hosts may have, such as a network of cameras
 * @param downloads the limits of one download
 */
public record AccessConfig(
    List<Path> roots, List<HostRule> hosts, List<AddressBlock> networks, DownloadLimits downloads) {

  /** Copies the lists and makes the roots absolute. */
  public AccessConfig {
    roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
    hosts = List.copyOf(hosts);
    networks = List.copyOf(networks);
  }

  /** Allows files below the roots and no hosts. */
  public static AccessConfig files(List<Path> roots) {
    return new AccessConfig(roots, List.of(), List.of(), DownloadLimits.defaults());
  }
}
