package io.saccade.model.config;

import com.google.gson.JsonObject;
import java.util.stream.Collectors;

/**
 * Which weights are quantised, and how.
 *
 * @param form the form wanted; a weight whose shape its kernel does not take gets the next larger
 *     one, or stays as it is
 * @param group columns that share a scale in int4, 32, 64 or 128; 32 where it does not divide a
 *     weight's columns
 * @param keepOutputLayer whether the output layer stays as it is; else it becomes int8 with either
 *     form, because near-equal tokens are decided there
 */
public record QuantisationOptions(Quantisation form, int group, boolean keepOutputLayer) {
  /** The group where none is asked for. */
  public static final int DEFAULT_GROUP = 64;

  /** Checks the group. */
  public QuantisationOptions {
    if (!Quantisation.GROUPS.contains(group)) {
      String groups =
          Quantisation.GROUPS.stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "group is %d, and one of %s is needed".formatted(group, groups));
    }
  }

  /** A form with the usual group, the output layer in int8. */
  public static QuantisationOptions of(Quantisation form) {
    return new QuantisationOptions(form, DEFAULT_GROUP, false);
  }

  /** What {@code config.json} says of it, under {@code quantization_config}. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("quant_method", Quantisation.METHOD);
    json.addProperty("bits", form.bits());
    json.addProperty("group_size", group);
    return json;
  }
}
