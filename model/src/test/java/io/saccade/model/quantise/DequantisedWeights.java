package io.saccade.model.quantise;

import io.saccade.model.config.Quantisation;
import io.saccade.model.weights.FloatCodec;
import io.saccade.model.weights.SafetensorsFile;
import io.saccade.model.weights.StoredTensor;
import io.saccade.model.weights.StoredWeight;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads weights as floats by the formulas of {@link Quantisation}, plainly. */
public final class DequantisedWeights {
  private DequantisedWeights() {}

  public static float[] read(StoredWeight weight) {
    if (weight.quantisation().isEmpty()) {
      return floats(weight.values());
    }
    float[] scale = floats(weight.scale().orElseThrow());
    return weight.quantisation().get() == Quantisation.INT8
        ? int8(weight, scale)
        : int4(weight, scale);
  }

  private static float[] int8(StoredWeight weight, float[] scale) {
    ByteBuffer values = map(weight.values());
    int columns = weight.spec().shape().get(1).intValue();
    float[] floats = new float[values.remaining()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i) * scale[i / columns];
    }
    return floats;
  }

  private static float[] int4(StoredWeight weight, float[] scale) {
    ByteBuffer values = map(weight.values());
    int rows = weight.spec().shape().get(0).intValue();
    int columns = weight.spec().shape().get(1).intValue();
    List<Long> scaleShape = weight.scale().orElseThrow().entry().shape();
    int group = columns / scaleShape.get(0).intValue();
    float[] floats = new float[rows * columns];
    for (int i = 0; i < floats.length; i++) {
      int q = values.get(i / 2) >> (i % 2 * 4) & 0xf;
      int at = 2 * (i % columns / group * rows + i / columns);
      floats[i] = (q - 8) * scale[at] + scale[at + 1];
    }
    return floats;
  }

  private static float[] floats(StoredTensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.entry().elements())];
    FloatCodec.decode(map(tensor), tensor.entry().type(), floats, floats.length);
    return floats;
  }

  private static ByteBuffer map(StoredTensor tensor) {
    return SafetensorsFile.open(tensor.file()).map(tensor.entry());
  }
}
