package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.PrometheusMetrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the dashboard asks for is measured, and Compose shows it. */
class DashboardTest {

  private static final Path ROOT = Path.of("..");
  private static final Path DASHBOARD = ROOT.resolve("deploy/grafana/saccade.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:saccade|jvm|process)_[a-z0-9_]+");
  private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");

  @Test
  void everyMetricThatItNamesExists() throws IOException {
    Set<String> scraped = names(scrape());
    for (String query : queries()) {
      List<String> named = METRIC.matcher(query).results().map(found -> found.group()).toList();
      assertThat(named).as(query).isNotEmpty();
      assertThat(scraped).as(query).containsAll(named);
    }
  }

  @Test
  void everyLabelThatItGroupsByExists() throws IOException {
    String scrape = scrape();
    Set<String> grouped = new TreeSet<>();
    for (String query : queries()) {
      GROUPING
          .matcher(query)
          .results()
          .forEach(found -> grouped.addAll(List.of(found.group(1).split(", "))));
    }
    grouped.remove("instance"); // Prometheus adds it
    assertThat(grouped).isNotEmpty();
    assertThat(grouped).allSatisfy(label -> assertThat(scrape).contains(label + "=\""));
  }

  @Test
  void itsFilesAreWhereComposeMountsThem() throws IOException {
    for (String service : List.of("prometheus", "grafana")) {
      for (Object volume : (List<?>) compose().get(service).get("volumes")) {
        assertThat(ROOT.resolve(volume.toString().replaceFirst(":.*", ""))).isRegularFile();
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked") // the file's own structure; a wrong one fails the test
  void prometheusScrapesThePortThatComposeGivesTheRoles() throws IOException {
    String port =
        ((Map<String, String>) compose().get("router").get("environment")).get("SACCADE_HTTP_PORT");

    assertThat(ROOT.resolve("deploy/prometheus/prometheus.yml"))
        .content()
        .contains("names: [router], type: A, port: " + port);
  }

  private static String scrape() {
    try (PrometheusMetrics metrics = new PrometheusMetrics()) {
      Telemetry telemetry = new Telemetry(metrics.registry(), Tracing.off());
      telemetry.metrics(MetricScope.ROUTER);
      telemetry.metrics(MetricScope.SAMPLER);
      telemetry.metrics(MetricScope.FEEDS);
      telemetry.metrics(MetricScope.WORKER, "model", "m");
      return metrics.scrape();
    }
  }

  private static Set<String> names(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  private static List<String> queries() throws IOException {
    JsonObject dashboard = JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
    List<String> queries = new ArrayList<>();
    for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
      if (panel.getAsJsonObject().has("targets")) {
        panel
            .getAsJsonObject()
            .getAsJsonArray("targets")
            .forEach(target -> queries.add(target.getAsJsonObject().get("expr").getAsString()));
      }
    }
    return queries;
  }

  @SuppressWarnings("unchecked") // likewise
  private static Map<String, Map<String, Object>> compose() throws IOException {
    String text = Files.readString(ROOT.resolve("docker-compose.yml"));
    Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    return (Map<String, Map<String, Object>>) file.get("services");
  }
}
