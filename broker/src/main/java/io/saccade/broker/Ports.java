package io.saccade.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks TCP ports before Kafka listens on them. */
final class Ports {

  private Ports() {}

  /**
   * Checks that this process can listen on a port, because Kafka exits the process when it cannot.
   * Another process may still take the port between this check and Kafka's start.
   *
   * @param port the port, or 0 for any
   * @return the port; for 0 a free one
   * @throws BrokerException if the port is in use or the host is not an address of this machine
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

  /**
   * Checks the address of a node's controller, {@code host:port}.
   *
   * @throws BrokerException if this machine cannot listen there
   */
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
      // As Kafka does, so that closed connections of a broker that just stopped do not count as in
      // use.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return socket.getLocalPort();
    }
  }
}
