package io.saccade.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Free TCP ports. */
final class Ports {

  private Ports() {}

  /**
   * Finds out whether a port can be listened on. Kafka ends the process when it cannot, so this is
   * asked first; who takes the port in between still ends it.
   *
   * @param port 0 for any
   * @return the port, or a free one for 0
   * @throws BrokerException if something else listens there, or the host is not this machine's
   */
  static int claim(String host, int port) {
    try {
      return bind(host, port);
    } catch (IOException e) {
      throw new BrokerException(
          "port=%d: cannot listen on %s:%d (%s); is another broker running? Choose another port, 0 takes a free one"
              .formatted(port, host, port, e.getMessage()),
          e);
    }
  }

  /** The same for where a node's controller listens, {@code host:port}. */
  static void claimController(String address) {
    int colon = address.lastIndexOf(':');
    try {
      var unused =
          bind(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    } catch (IOException e) {
      throw new BrokerException(
          "quorum=%s: this node cannot listen there (%s); is it running already, or is node-id another machine's?"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  private static int bind(String host, int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      // As Kafka binds: connections of a broker that just stopped do not count as taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return socket.getLocalPort();
    }
  }
}
