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
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends spans to a collector. OpenTelemetry's own variables are heeded as its specification says
 * ({@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_TRACES_SAMPLER}, {@code OTEL_SERVICE_NAME} and
 * so on), by its own code, which reads them from the environment.
 */
final class TraceExport {

  /** Any of them turns traces on. */
  private static final List<String> SWITCHES =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  /** Ids are at most 200 characters; a longer attribute can only be somebody's attempt. */
  private static final String ATTRIBUTE_CHARS = "256";

  /** Kept, or its handler would be collected with it. */
  private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

  private TraceExport() {}

  /**
   * Opens the exporter if it was asked for.
   *
   * @param endpoint where to, or null where the environment says
   * @param service what the process is called in traces unless the environment says
   * @return the exporter, which the caller closes once nobody makes spans any more
   * @throws ConfigException if a setting makes no sense
   */
  static Optional<OpenTelemetrySdk> open(URI endpoint, String service) {
    if (endpoint == null && SWITCHES.stream().allMatch(name -> System.getenv(name) == null)) {
      return Optional.empty();
    }
    logToOurs();
    try {
      return Optional.of(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> defaults(service))
              .addPropertiesCustomizer(unused -> given(endpoint))
              .disableShutdownHook() // spans are made until the last role has stopped
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException e) {
      throw new ConfigException("otlp-endpoint", List.of(e.getMessage()));
    }
  }

  /** The SDK says by java.util.logging when a collector is away, over several lines. */
  private static void logToOurs() {
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

  /** What wins over the environment: there are no logs and metrics to send, these are scraped. */
  private static Map<String, String> given(URI endpoint) {
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
