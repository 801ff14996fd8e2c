package io.saccade.video.access;

import java.nio.file.Path;
import java.util.List;

/**
 * What strangers' references may open. All that is not named here is refused.
 *
 * @param roots folders below which files may be opened
 * @param hosts hosts that videos may be fetched from
 * @param networks addresses at which those hosts may be although they are not public, such as a
 *     network of cameras
 * @param downloads what fetching a video may cost
 */
public record AccessConfig(
    List<Path> roots, List<HostRule> hosts, List<AddressBlock> networks, DownloadLimits downloads) {

  /** Copies the lists and makes the roots absolute. */
  public AccessConfig {
    roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
    hosts = List.copyOf(hosts);
    networks = List.copyOf(networks);
  }

  /** Files below the roots only. */
  public static AccessConfig files(List<Path> roots) {
    return new AccessConfig(roots, List.of(), List.of(), DownloadLimits.defaults());
  }
}
