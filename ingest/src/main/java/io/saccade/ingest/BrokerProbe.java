package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks at what answers where the brokers should be, before Kafka's clients do: they take the first
 * bytes of any answer for its size and make room for it, hundreds of megabytes where it is TLS or
 * HTTP.
 */
final class BrokerProbe {

  private static final int PATIENCE_MILLIS = 1_000;

  /** ApiVersions 0 (key 18) without a client id, which a broker answers before any login. */
  private static final byte[] REQUEST = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, -1, -1};

  /** Bytes of the answer, beyond which it is none of a broker's, which has some hundred. */
  private static final int MAX_ANSWER = 1 << 20;

  private static final int TLS_ALERT = 21;

  private final BusConfig config;
  private final boolean tls;

  private enum Finding {
    BROKER,
    TLS,
    STRANGER,
    /** Nobody, or somebody who says nothing. */
    NOTHING
  }

  BrokerProbe(BusConfig config) {
    this.config = config;
    String protocol =
        config
            .kafka()
            .getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    this.tls = protocol.toUpperCase(Locale.ROOT).endsWith("SSL");
  }

  /**
   * Looks at all of them.
   *
   * @throws IngestException.Unreachable if no name of a host has an address
   * @throws IngestException if one is no broker, or one that is spoken to otherwise
   */
  void run() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String server : config.bootstrapServers().split(",", -1)) {
      String host = Utils.getHost(server.strip());
      Integer port = Utils.getPort(server.strip());
      if (host == null || port == null || port > 65535) {
        return; // Kafka says what is wrong with it
      }
      addresses.add(new InetSocketAddress(host, port));
    }
    if (addresses.stream().allMatch(InetSocketAddress::isUnresolved)) {
      throw new IngestException.Unreachable(
          "no host named in %s has an address: name another with --bootstrap-servers"
              .formatted(config.bootstrapServers()),
          null);
    }
    addresses.stream().filter(address -> !address.isUnresolved()).forEach(this::check);
  }

  private void check(InetSocketAddress address) {
    String where = address.getHostString() + ":" + address.getPort();
    switch (find(address)) {
      case BROKER -> {
        if (tls) {
          throw new IngestException(
              "the broker at %s speaks no TLS: leave out --kafka security.protocol, or name"
                      .formatted(where)
                  + " SASL_PLAINTEXT to log in");
        }
      }
      case TLS -> {
        if (!tls) {
          throw new IngestException(
              "the broker at %s speaks TLS: add --kafka security.protocol=SSL, or SASL_SSL to log in"
                  .formatted(where));
        }
      }
      case STRANGER ->
          throw new IngestException(
              "what answers at %s is no broker: name one with --bootstrap-servers"
                  .formatted(where));
      case NOTHING -> {} // Kafka's clients wait longer, and say so
    }
  }

  private static Finding find(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(REQUEST);
      byte[] begin = socket.getInputStream().readNBytes(Integer.BYTES);
      if (begin.length < Integer.BYTES) {
        return Finding.NOTHING;
      }
      if (begin[0] == TLS_ALERT && begin[1] == 3) {
        return Finding.TLS;
      }
      int size = ByteBuffer.wrap(begin).getInt();
      return size >= 0 && size <= MAX_ANSWER ? Finding.BROKER : Finding.STRANGER;
    } catch (IOException e) {
      return Finding.NOTHING;
    }
  }
}
