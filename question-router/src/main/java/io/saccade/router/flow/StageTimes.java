package io.saccade.router.flow;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import io.saccade.proto.Times;
import io.saccade.proto.v1.StageTimings;
import io.saccade.telemetry.Label;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Stage;
import java.util.EnumMap;
import java.util.Map;

/** Records the time of each stage of answered questions as metrics. */
final class StageTimes {

  /** The field of each stage, which has the stage's name. */
  private static final Map<Stage, FieldDescriptor> FIELDS = new EnumMap<>(Stage.class);

  static {
    for (Stage stage : Stage.values()) {
      FIELDS.put(stage, StageTimings.getDescriptor().findFieldByName(Label.value(stage)));
    }
  }

  private StageTimes() {}

  /** Records the stages that an answer has. */
  static void record(Metrics metrics, StageTimings timings) {
    FIELDS.forEach(
        (stage, field) -> {
          if (timings.hasField(field)) {
            metrics.time(Metric.STAGE, stage, Times.java((Duration) timings.getField(field)));
          }
        });
  }
}
