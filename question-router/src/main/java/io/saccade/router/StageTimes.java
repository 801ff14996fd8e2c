package io.saccade.router;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import io.saccade.proto.Times;
import io.saccade.proto.v1.StageTimings;
import io.saccade.telemetry.Label;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Stage;

/** Measures where answered questions spent their time. */
final class StageTimes {

  private StageTimes() {}

  /** Adds the stages that an answer has; each is called as the field that holds it. */
  static void record(Metrics metrics, StageTimings timings) {
    for (Stage stage : Stage.values()) {
      FieldDescriptor field = StageTimings.getDescriptor().findFieldByName(Label.value(stage));
      if (timings.hasField(field)) {
        metrics.time(Metric.STAGE, stage, Times.java((Duration) timings.getField(field)));
      }
    }
  }
}
