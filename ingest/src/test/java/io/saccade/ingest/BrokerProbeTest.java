package io.saccade.ingest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.BusConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers at a broker's address is known before Kafka's clients trust its first bytes. */
final class BrokerProbeTest {

  private static final byte[] TLS_ALERT = {21, 3, 3, 0, 2, 2, 80};
  private static final byte[] BROKER = {0, 0, 1, 0, 0, 0, 0, 0};
  private static final byte[] WEB = "HTTP/1.1 400 Bad".getBytes(StandardCharsets.US_ASCII);

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void answer(byte[] bytes) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                socket.getInputStream().readNBytes(14);
                socket.getOutputStream().write(bytes);
              } catch (IOException e) {
                // the test has ended
              }
            },
            "answers-once");
    thread.setDaemon(true);
    thread.start();
  }

  private BusConfig config(String protocol) {
    return new BusConfig(address(), "", Map.of("security.protocol", protocol));
  }

  private String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  @Test
  void aBrokerIsOne() {
    answer(BROKER);
    assertThatCode(() -> new BrokerProbe(BusConfig.of(address())).run()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSL", "SASL_SSL", "ssl"})
  void oneThatSpeaksTlsIsSpokenToSo(String protocol) {
    answer(TLS_ALERT);
    assertThatCode(() -> new BrokerProbe(config(protocol)).run()).doesNotThrowAnyException();
  }

  @Test
  void tlsIsNamed() {
    answer(TLS_ALERT);
    assertThatThrownBy(() -> BusCheck.connect(BusConfig.of(address())))
        .isInstanceOf(IngestException.class)
        .hasMessageContaining(address() + " speaks TLS: add --kafka security.protocol=SSL");
  }

  @Test
  void itsLackIsNamed() {
    answer(BROKER);
    assertThatThrownBy(() -> BusCheck.connect(config("SASL_SSL")))
        .isInstanceOf(IngestException.class)
        .hasMessageContaining(address() + " speaks no TLS");
  }

  @Test
  void aStrangerIsNoBroker() {
    answer(WEB);
    assertThatThrownBy(() -> BusCheck.connect(BusConfig.of(address())))
        .isInstanceOf(IngestException.class)
        .isNotInstanceOf(IngestException.Unreachable.class)
        .hasMessageContaining("what answers at " + address() + " is no broker");
  }

  @Test
  void whoClosesAtOnceIsLeftToKafka() {
    answer(new byte[0]);
    assertThatCode(() -> new BrokerProbe(BusConfig.of(address())).run()).doesNotThrowAnyException();
  }

  @Test
  void aHostWithoutAnAddressMayGetOne() {
    assertThatThrownBy(() -> BusCheck.connect(BusConfig.of("broker.invalid:9092")))
        .isInstanceOf(IngestException.Unreachable.class)
        .hasMessageContaining("no host named in broker.invalid:9092 has an address");
  }

  @ParameterizedTest
  @CsvSource({"localhost", "localhost:x", "localhost:70000", "a b:9092"})
  void whatIsNoAddressKafkaRefuses(String servers) {
    assertThatThrownBy(() -> BusCheck.connect(BusConfig.of(servers)))
        .hasMessageContaining("Kafka refuses the settings");
  }
}
