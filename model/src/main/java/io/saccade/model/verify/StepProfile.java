package io.saccade.model.verify;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How much of some work PyTorch's tensor operators take, as its profiler says. The rest is the
 * TorchScript interpreter, the calls into it, and Java.
 *
 * <p>The profiler itself takes time, too. What the work takes longer with it than without is shared
 * among all operators that it saw, and the part of those that no other operator called is taken off
 * the rest.
 *
 * @param plainMicros the work's time without the profiler
 * @param wallMicros its time with it
 * @param operatorMicros time in which some operator ran
 * @param operators how many ran
 * @param outermost how many of them no other operator called
 */
public record StepProfile(
    double plainMicros, double wallMicros, double operatorMicros, int operators, int outermost) {

  /** Profiles work of this thread, which is done twice: once without the profiler. */
  public static StepProfile of(Runnable work) {
    try {
      Path trace = Files.createTempFile("saccade-profile", ".json");
      try {
        double plain = micros(work);
        JniUtils.startProfile(false, false, false);
        double wall = micros(work);
        JniUtils.stopProfile(trace.toString());
        return of(plain, wall, intervals(trace));
      } finally {
        Files.delete(trace);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double micros(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e3;
  }

  /** The share of the time that passes outside of tensor operators, 0 to 1. */
  public double outsideShare() {
    double profiler = Math.max(0, wallMicros - plainMicros) * outermost / Math.max(1, operators);
    return Math.max(0, wallMicros - operatorMicros - profiler) / plainMicros;
  }

  private record Interval(double begin, double end) {}

  /** Takes the length of the union of all operators' intervals, which contain each other. */
  private static StepProfile of(double plain, double wall, List<Interval> intervals) {
    intervals.sort(Comparator.comparingDouble(Interval::begin));
    double union = 0;
    int outermost = 0;
    double end = Double.NEGATIVE_INFINITY;
    for (Interval interval : intervals) {
      if (interval.end > end) {
        union += interval.end - Math.max(interval.begin, end);
        end = interval.end;
        outermost++;
      }
    }
    return new StepProfile(plain, wall, union, intervals.size(), outermost);
  }

  /** Reads the trace, a list of objects; operators have a namespace in their names. */
  private static List<Interval> intervals(Path trace) throws IOException {
    List<Interval> intervals = new ArrayList<>();
    try (Reader text = Files.newBufferedReader(trace);
        JsonReader json = new JsonReader(text)) {
      json.beginArray();
      while (json.hasNext()) {
        read(json, intervals);
      }
    }
    return intervals;
  }

  private static void read(JsonReader json, List<Interval> intervals) throws IOException {
    String name = "";
    double begin = 0;
    double duration = 0;
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "name" -> name = json.nextString();
        case "ts" -> begin = json.nextDouble();
        case "dur" -> duration = json.nextDouble();
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (name.contains("::")) {
      intervals.add(new Interval(begin, begin + duration));
    }
  }
}
