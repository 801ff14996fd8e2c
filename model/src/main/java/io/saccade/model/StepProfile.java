package io.saccade.model;

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
 * TorchScript interpreter, the calls into it, Java, and the profiler itself, so that the share
 * outside is an upper bound.
 *
 * @param wallMicros the work's time
 * @param operatorMicros time in which some operator ran
 */
public record StepProfile(double wallMicros, double operatorMicros) {

  /** Profiles work of this thread. */
  public static StepProfile of(Runnable work) {
    try {
      Path trace = Files.createTempFile("saccade-profile", ".json");
      try {
        JniUtils.startProfile(false, false, false);
        long begin = System.nanoTime();
        work.run();
        double wall = (System.nanoTime() - begin) / 1e3;
        JniUtils.stopProfile(trace.toString());
        return new StepProfile(wall, operatorMicros(trace));
      } finally {
        Files.delete(trace);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The share of the time that passes outside of tensor operators, 0 to 1. */
  public double outsideShare() {
    return Math.max(0, 1 - operatorMicros / wallMicros);
  }

  private record Interval(double begin, double end) {}

  /** The length of the union of all operators' intervals; they contain each other. */
  private static double operatorMicros(Path trace) throws IOException {
    List<Interval> intervals = intervals(trace);
    intervals.sort(Comparator.comparingDouble(Interval::begin));
    double union = 0;
    double end = Double.NEGATIVE_INFINITY;
    for (Interval interval : intervals) {
      if (interval.end > end) {
        union += interval.end - Math.max(interval.begin, end);
        end = interval.end;
      }
    }
    return union;
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
