package io.saccade.bench.scale;

import com.google.gson.JsonObject;
import io.saccade.cli.option.Output;
import java.util.Arrays;
import java.util.Locale;

/** Prints what {@code bench scale} measures: a line, or a JSON object, a figure. */
final class ScaleFigures {

  private final Output output;

  ScaleFigures(Output output) {
    this.output = output;
  }

  /** A figure that nothing is expected of. */
  void print(String section, String what, double value) {
    print(section, what, value, null, null);
  }

  /** A count that nothing is expected of. */
  void count(String section, String what, long count) {
    print(section, what, (double) count);
  }

  /** A count that is to be none. */
  void none(String section, String what, long count) {
    atMost(section, what, (double) count, 0);
  }

  /** A figure that is to be at least so much. */
  void atLeast(String section, String what, double value, double aim) {
    print(section, what, value, ">= " + number(aim), Double.isFinite(value) && value >= aim);
  }

  /** A figure that is to be at most so much. */
  void atMost(String section, String what, double value, double aim) {
    print(section, what, value, "<= " + number(aim), Double.isFinite(value) && value <= aim);
  }

  /** What cannot be said, for want of values, is null and meets no aim. */
  private void print(String section, String what, double value, String aim, Boolean met) {
    if (output.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("section", section);
      json.addProperty("what", what);
      json.addProperty("value", Double.isFinite(value) ? value : null);
      if (aim != null) {
        json.addProperty("aim", aim);
        json.addProperty("met", met);
      }
      output.print(json.toString());
      return;
    }
    String wanted = aim == null ? "" : (met ? "ok, " : "MISSED, ") + aim;
    output.print(
        String.format(Locale.ROOT, "%-8s %-64s %10s  %s", section, what, number(value), wanted));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }

  /** The value that a share of them does not exceed; not a number without values. */
  static double quantile(double share, double... values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }
}
