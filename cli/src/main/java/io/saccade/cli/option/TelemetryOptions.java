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

/** How a process that stays up can be watched. */
public final class TelemetryOptions {

  private static final Logger log = LoggerFactory.getLogger(TelemetryOptions.class);

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Answers GET /live, /ready and /metrics (Prometheus) at this port, 0 for a free one."
              + " Default: does not")
  private Integer port;

  @Option(
      names = "--http-host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      description =
          "The interface of --http-port; 0.0.0.0 answers to whoever reaches this machine."
              + " Default: ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "Sends traces there by OTLP over HTTP, for example http://localhost:4318."
              + " Default: as OpenTelemetry's own OTEL_ variables say, else nowhere")
  private URI otlpEndpoint;

  /**
   * Begins what a command's roles run in.
   *
   * @param roles those that will be started; until each is ready, the process is not
   * @return what the caller closes
   * @throws ConfigException if the port cannot be had or the traces' settings make no sense
   */
  public Lifecycle open(MetricScope... roles) {
    PrometheusMetrics metrics = port == null ? null : new PrometheusMetrics();
    OpenTelemetrySdk sdk = TraceExport.open(otlpEndpoint, "saccade-" + spec.name()).orElse(null);
    Lifecycle running =
        new Lifecycle(
            new Telemetry(
                metrics == null ? new SimpleMeterRegistry() : metrics.registry(),
                sdk == null ? Tracing.off() : new Tracing(sdk)));
    running.roster().expect(roles);
    if (sdk != null) {
      running.add(sdk);
    }
    if (metrics != null) {
      listen(running, running.add(metrics));
    }
    return running;
  }

  private void listen(Lifecycle running, PrometheusMetrics metrics) {
    try {
      InetSocketAddress asked = new InetSocketAddress(host, port);
      ManagementServer server =
          running.add(ManagementServer.start(asked, running.roster(), metrics::scrape));
      log.info(
          "event=management_listening url=http://{}:{} paths=/live,/ready,/metrics",
          host,
          server.address().getPort());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      running.close();
      throw new ConfigException(
          "http",
          List.of(
              "http-host=%s and http-port=%d cannot be had (%s): choose others, or port 0 for a free one"
                  .formatted(host, port, e.getMessage())));
    }
  }
}
