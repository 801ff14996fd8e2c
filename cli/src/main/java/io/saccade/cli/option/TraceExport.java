package io.saccade.cli.option;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.saccade.bus.ConfigException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the export of spans to a collector. OpenTelemetry's SDK reads its own variables from the
 * environment, as its specification defines them ({@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code
 * OTEL_TRACES_SAMPLER}, {@code OTEL_SERVICE_NAME} and others).
 */
final class TraceExport {

  /** Variables of which each turns the export on. */
  private static final List<String> SWITCHES =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  /** Ids have at most 200 characters; a longer attribute of a forged record is cut. */
  private static final String ATTRIBUTE_CHARS = "256";

  /** A strong reference: without one the logger and its handler would be garbage-collected. */
  private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

  private TraceExport() {}

  /**
   * Opens the exporter if an endpoint is given or the environment turns it on.
   *
   * @param endpoint URL of the collector, or null for that of the environment
   * @param service name of the process in traces, unless the environment has one
   * @return the exporter, which the caller closes after the last span has ended
   * @throws ConfigException if a setting is not valid
   */
  static Optional<OpenTelemetrySdk> open(@Nullable URI endpoint, String service) {
    if (endpoint == null && SWITCHES.stream().allMatch(name -> System.getenv(name) == null)) {
      return Optional.empty();
    }
    bridgeLog();
    try {
      return Optional.of(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> defaults(service))
              .addPropertiesCustomizer(unused -> overrides(endpoint))
              .disableShutdownHook() // the last role ends spans while it stops
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException e) {
      throw new ConfigException("otlp-endpoint", List.of(e.getMessage()));
    }
  }

  /**
   * Sends the SDK's log to SLF4J: by java.util.logging it would take several lines for an event,
   * for example when the collector does not answer.
   */
  private static void bridgeLog() {
    if (SDK_LOG.getUseParentHandlers()) {
      SDK_LOG.setUseParentHandlers(false);
      SDK_LOG.addHandler(new SLF4JBridgeHandler());
    }
  }

  private static Map<String, String> defaults(String service) {
    return Map.of(
        "otel.service.name", service,
        "otel.exporter.otlp.protocol", "http/protobuf",
        "otel.attribute.value.length.limit", ATTRIBUTE_CHARS);
  }

  /** Properties that override the environment: logs and metrics are not exported. */
  private static Map<String, String> overrides(@Nullable URI endpoint) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    if (endpoint != null) {
      properties.put("otel.traces.exporter", "otlp");
      properties.put("otel.exporter.otlp.endpoint", endpoint.toString());
    }
    return properties;
  }
}
