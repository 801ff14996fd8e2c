package io.saccade.cli.option;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.saccade.bus.ConfigException;
import io.saccade.cli.local.Lifecycle;
import io.saccade.telemetry.ManagementServer;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.PrometheusMetrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options for health, metrics and traces of a command that stays up. */
public final class TelemetryOptions {

  private static final Logger log = LoggerFactory.getLogger(TelemetryOptions.class);

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Serve health and metrics on this port: GET /live, /ready and /metrics (Prometheus); 0"
              + " chooses a free port. Default: no server")
  private Integer port;

  @Option(
      names = "--http-host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      description =
          "The address that --http-port listens on; with 0.0.0.0 every machine that can reach this"
              + " one can read health and metrics. Default: ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "Send traces to this collector by OTLP over HTTP, for example http://localhost:4318."
              + " Default: OpenTelemetry's own OTEL_ variables, else no traces")
  private URI otlpEndpoint;

  /**
   * Opens the lifecycle of a command's roles, with telemetry and, if asked for, the server of
   * health and metrics.
   *
   * @param roles those that the command will start; the process is not ready until all of them are
   * @return the lifecycle, which the caller closes
   * @throws ConfigException if the port cannot be opened or the settings of traces are not valid
   */
  public Lifecycle open(MetricScope... roles) {
    PrometheusMetrics metrics = port == null ? null : new PrometheusMetrics();
    OpenTelemetrySdk sdk = TraceExport.open(otlpEndpoint, "saccade-" + spec.name()).orElse(null);
    Lifecycle lifecycle =
        new Lifecycle(
            new Telemetry(
                metrics == null ? new SimpleMeterRegistry() : metrics.registry(),
                sdk == null ? Tracing.off() : new Tracing(sdk)));
    lifecycle.health().expect(roles);
    if (sdk != null) {
      lifecycle.add(sdk);
    }
    if (metrics != null) {
      listen(lifecycle, lifecycle.add(metrics));
    }
    return lifecycle;
  }

  private void listen(Lifecycle lifecycle, PrometheusMetrics metrics) {
    try {
      InetSocketAddress asked = new InetSocketAddress(host, port);
      ManagementServer server =
          lifecycle.add(ManagementServer.start(asked, lifecycle.health(), metrics::scrape));
      log.info(
          "event=management_listening url=http://{}:{} paths=/live,/ready,/metrics",
          host,
          server.address().getPort());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      lifecycle.close();
      throw new ConfigException(
          "http",
          List.of(
              "http-host=%s and http-port=%d cannot be opened (%s): choose others, or port 0 for a free one"
                  .formatted(host, port, e.getMessage())));
    }
  }
}
