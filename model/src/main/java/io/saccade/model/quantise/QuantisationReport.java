package io.saccade.model.quantise;

import io.saccade.model.Checkpoint;
import io.saccade.model.config.Quantisation;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.WrittenWeight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What quantising a checkpoint did.
 *
 * @param bytesBefore bytes of the weights before
 * @param bytesAfter bytes of the weights after, scales included
 * @param leftOut tensors that the model does not need and that were left out
 * @param kinds the weights, grouped by what they are and how they are stored now
 * @param mix which share of the weights is in which form, and how accurate that is
 */
public record QuantisationReport(
    long bytesBefore, long bytesAfter, int leftOut, List<Kind> kinds, QuantisationMix mix) {

  /**
   * Weights that are the same in each layer, or those of a part of the model.
   *
   * @param name {@code q_proj}, {@code vision tower}
   * @param storedAs {@code int4}, {@code BF16}
   * @param tensors how many
   * @param bytes that they occupy now
   * @param relativeError root of the summed squared differences over root of the summed squares; 0
   *     unless quantised
   */
  public record Kind(String name, String storedAs, int tensors, long bytes, double relativeError) {}

  static QuantisationReport of(
      Checkpoint checkpoint, List<WrittenWeight> written, QuantisationMix mix) {
    Map<List<String>, Sums> kinds = new LinkedHashMap<>();
    for (WrittenWeight weight : written) {
      List<String> key = List.of(kind(weight.weight()), storedAs(weight.weight()));
      kinds.computeIfAbsent(key, k -> new Sums()).add(weight);
    }
    return new QuantisationReport(
        checkpoint.bytes(),
        written.stream().mapToLong(weight -> weight.weight().bytes()).sum(),
        checkpoint.files().names().size() - checkpoint.weights().size(),
        kinds.entrySet().stream().map(e -> e.getValue().kind(e.getKey())).toList(),
        mix);
  }

  /** Of a quantised one the projection's name, else the part. */
  private static String kind(NewWeight weight) {
    if (weight.quantisation().isEmpty()) {
      return weight.spec().part().toString();
    }
    String layer = weight.spec().storedName().replaceFirst("\\.weight$", "");
    return layer.substring(layer.lastIndexOf('.') + 1);
  }

  private static String storedAs(NewWeight weight) {
    return weight.quantisation().map(Quantisation::toString).orElse(weight.type().name());
  }

  /** Sums over the weights of a kind. */
  private static final class Sums {
    private int tensors;
    private long bytes;
    private double squaredNorm;
    private double squaredError;

    void add(WrittenWeight weight) {
      tensors++;
      bytes += weight.weight().bytes();
      squaredNorm += weight.squaredNorm();
      squaredError += weight.squaredError();
    }

    Kind kind(List<String> key) {
      double error = squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
      return new Kind(key.get(0), key.get(1), tensors, bytes, error);
    }
  }
}
