package io.saccade.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.ConfigException;
import io.saccade.cli.local.Lifecycle;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.MetricScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TelemetryOptionsTest {

  @Command(name = "watched")
  private static final class Watched {
    @Mixin private TelemetryOptions telemetry;
  }

  @Test
  void withoutOptionsNothingListensAndTheRolesAreExpected() {
    try (Lifecycle lifecycle = parse().open(MetricScope.ROUTER, MetricScope.WORKER)) {
      assertThat(lifecycle.health().health())
          .containsOnlyKeys(MetricScope.ROUTER, MetricScope.WORKER)
          .allSatisfy(
              (role, health) -> assertThat(health).extracting(Health::isReady).isEqualTo(false));
    }
  }

  @Test
  void saysWhichPortCannotBeHad() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertThatThrownBy(() -> parse("--http-port", port).open(MetricScope.ROUTER))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("http-host=localhost and http-port=" + port + " cannot be opened");
    }
  }

  @Test
  void refusesPortsAndHostsThatCannotBe() {
    assertThatThrownBy(() -> parse("--http-port", "70000").open(MetricScope.ROUTER))
        .isInstanceOf(ConfigException.class);
    assertThatThrownBy(
            () ->
                parse("--http-port", "0", "--http-host", "no.such.host.invalid")
                    .open(MetricScope.ROUTER))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no.such.host.invalid");
  }

  @Test
  void refusesACollectorThatIsNoUrl() {
    assertThatThrownBy(() -> parse("--otlp-endpoint", "ftp://collector").open(MetricScope.ROUTER))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("otlp-endpoint");
  }

  private static TelemetryOptions parse(String... args) {
    Watched watched = new Watched();
    new CommandLine(watched).parseArgs(args);
    return watched.telemetry;
  }
}
