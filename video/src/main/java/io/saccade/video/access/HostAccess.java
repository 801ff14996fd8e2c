package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which other hosts may be spoken to: those that a rule names, at addresses that are public
 * or in an allowed network. Names are resolved once; whoever connects has to use the addresses
 * given here, so that a name cannot mean another address by then (DNS rebinding).
 *
 * <p>Messages name no host and no address, because a redirect may have brought us here; the log
 * does.
 */
public final class HostAccess {
  private static final Logger log = LoggerFactory.getLogger(HostAccess.class);

  private final List<HostRule> hosts;
  private final List<AddressBlock> networks;
  private final Resolver resolver;

  /** Turns a host into its addresses; the seam at which tests stand in for a name server. */
  @FunctionalInterface
  public interface Resolver {

    /** The host's addresses, at least one. */
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * What may be reached.
   *
   * @param hosts empty refuses every host
   * @param networks allowed besides the public addresses
   */
  public HostAccess(List<HostRule> hosts, List<AddressBlock> networks, Resolver resolver) {
    this.hosts = hosts;
    this.networks = networks;
    this.resolver = resolver;
  }

  /**
   * Checks a URI's host and resolves it. Blocks as long as a name server does.
   *
   * @return where to connect
   * @throws VideoException REFUSED if the host or one of its addresses is not allowed, UNREADABLE
   *     if it has no address
   */
  public RemoteEndpoint check(RemoteUri uri) throws VideoException {
    if (hosts.stream().noneMatch(rule -> rule.allows(uri))) {
      log.warn("event=host_refused host={} port={} reason=not_allowed", uri.host(), uri.port());
      throw new VideoException(
          Category.REFUSED,
          "the host and port are not among the allowed hosts; add them (--allow-host NAME[:PORT])");
    }
    List<InetAddress> addresses = resolve(uri);
    for (InetAddress address : addresses) {
      if (!mayReach(address)) {
        log.warn(
            "event=host_refused host={} port={} reason=address address={}",
            uri.host(),
            uri.port(),
            address.getHostAddress());
        throw new VideoException(
            Category.REFUSED,
            "the host has an address that is not public; allow its network (--allow-network)");
      }
    }
    return new RemoteEndpoint(uri, addresses);
  }

  private List<InetAddress> resolve(RemoteUri uri) throws VideoException {
    try {
      return List.of(resolver.resolve(uri.host()));
    } catch (UnknownHostException e) {
      log.warn("event=host_unknown host={}", uri.host());
      throw VideoException.passing( // name servers fail, too
          Category.UNREADABLE, "the host's name cannot be resolved; check its spelling", e);
    }
  }

  private boolean mayReach(InetAddress address) {
    return PublicAddresses.contain(address)
        || networks.stream().anyMatch(network -> network.contains(address));
  }
}
