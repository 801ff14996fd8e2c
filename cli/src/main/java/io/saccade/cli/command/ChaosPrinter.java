package io.saccade.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.saccade.chaos.ChaosReport;
import io.saccade.chaos.ChaosReport.Hit;
import io.saccade.chaos.FailureKind;
import io.saccade.chaos.Part;
import io.saccade.cli.option.Output;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints the report of a chaos run, as text or as one JSON object. */
final class ChaosPrinter {

  private final Output output;

  ChaosPrinter(Output output) {
    this.output = output;
  }

  /** Prints the report. */
  void print(ChaosReport report) {
    if (output.json()) {
      output.print(json(report).toString());
      return;
    }
    line(
        "seed %d: %d questions, %d published, %d failures",
        report.seed(), report.questions(), report.published(), report.failures().size());
    line("answers                %d in %s", report.answers(), seconds(report.took()));
    line(
        "longest gap in service %s, from %s on",
        seconds(report.longestGap()), seconds(report.gapBegan()));
    line(
        "question to answer     median %s, p99 %s, longest %s",
        seconds(report.latency(0.5)), seconds(report.latency(0.99)), seconds(report.latency(1)));
    line(
        "results                %d, %d of them repeated and dropped",
        report.results(), report.repeatedResults());
    line("inference requests     %d repeated", report.repeatedRequests());
    line(
        "clips                  %d, decoded %d times, %d sampled again on request",
        report.clips(), report.decodings(), report.resampled());
    line("recovery from a failure of  %-10s %5s %9s %9s", "kind", "count", "median", "longest");
    for (Part part : Part.values()) {
      for (FailureKind kind : FailureKind.values()) {
        recoveries(report, part, kind);
      }
    }
    report.problems().forEach(problem -> line("WRONG: %s", problem));
    line(
        report.isSound() ? "nothing was lost or doubled" : "%d problems", report.problems().size());
  }

  private void recoveries(ChaosReport report, Part part, FailureKind kind) {
    List<Duration> times = report.recoveries(part, kind);
    if (!times.isEmpty()) {
      line(
          "  %-26s%-10s %5d %9s %9s",
          label(part),
          label(kind),
          times.size(),
          seconds(times.get(times.size() / 2)),
          seconds(times.get(times.size() - 1)));
    }
  }

  private static JsonObject json(ChaosReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("seed", report.seed());
    json.addProperty("sound", report.isSound());
    json.addProperty("questions", report.questions());
    json.addProperty("published", report.published());
    json.addProperty("answers", report.answers());
    json.addProperty("results", report.results());
    json.addProperty("repeatedResults", report.repeatedResults());
    json.addProperty("repeatedRequests", report.repeatedRequests());
    json.addProperty("clips", report.clips());
    json.addProperty("decodings", report.decodings());
    json.addProperty("resampled", report.resampled());
    json.addProperty("tookMs", report.took().toMillis());
    json.addProperty("longestGapMs", report.longestGap().toMillis());
    json.addProperty("gapBeganMs", report.gapBegan().toMillis());
    json.addProperty("medianMs", report.latency(0.5).toMillis());
    json.addProperty("p99Ms", report.latency(0.99).toMillis());
    json.addProperty("longestMs", report.latency(1).toMillis());
    JsonArray failures = new JsonArray();
    report.failures().forEach(hit -> failures.add(json(hit)));
    json.add("failures", failures);
    JsonArray problems = new JsonArray();
    report.problems().forEach(problems::add);
    json.add("problems", problems);
    return json;
  }

  private static JsonObject json(Hit hit) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", hit.failure().kind().name());
    json.addProperty("node", hit.failure().node());
    json.addProperty("begin", hit.failure().begin().toString());
    json.addProperty("end", hit.failure().end().toString());
    json.addProperty("recoveryMs", hit.recovery().toMillis());
    return json;
  }

  private void line(String format, Object... values) {
    output.print(String.format(Locale.ROOT, format, values));
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1e3);
  }
}
