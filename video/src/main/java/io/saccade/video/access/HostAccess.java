package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which other hosts may be connected to: those that a rule names, at addresses that are
 * public or in an allowed network. A name is resolved once, and connections must use the addresses
 * returned here, so that the name cannot resolve to another address later (DNS rebinding).
 *
 * <p>Messages name no host and no address, because a redirect may have led to them; the log names
 * both. See decision 36 in {@code docs/decisions.md}. Public for the packages {@code rtsp} and
 * {@code live} only.
 */
public final class HostAccess {
  private static final Logger log = LoggerFactory.getLogger(HostAccess.class);

  private final List<HostRule> hosts;
  private final List<AddressBlock> networks;
  private final Resolver resolver;

  /** Resolves a host name to its addresses; tests replace it. */
  @FunctionalInterface
  public interface Resolver {

    /** Returns the host's addresses, at least one. Blocks. */
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * Creates the check.
   *
   * @param hosts the rules; with none, every host is refused
   * @param networks the allowed addresses besides the public ones
   */
  public HostAccess(List<HostRule> hosts, List<AddressBlock> networks, Resolver resolver) {
    this.hosts = hosts;
    this.networks = networks;
    this.resolver = resolver;
  }

  /**
   * Checks a URI's host against the rules, resolves it and checks its addresses. Blocks while the
   * name is resolved.
   *
   * @return the URI with the addresses to connect to
   * @throws VideoException REFUSED if the host or one of its addresses is not allowed, UNREADABLE
   *     if its name cannot be resolved
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
      throw VideoException.passing( // the name server may have failed
          Category.UNREADABLE, "the host's name cannot be resolved; check its spelling", e);
    }
  }

  private boolean mayReach(InetAddress address) {
    return PublicAddresses.contain(address)
        || networks.stream().anyMatch(network -> network.contains(address));
  }
}
