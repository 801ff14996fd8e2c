package io.saccade.model.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the weight {@code X.weight} [out, in] of a linear layer is stored in few bits, with its
 * scales beside it as {@code X.weight_scale}. The forms are those that PyTorch's packed kernels
 * take ({@code _weight_int8pack_mm}, {@code _weight_int4pack_mm_for_cpu}), so that loading converts
 * nothing but the order of the values.
 */
public enum Quantisation {
  /**
   * {@code X.weight} I8 [out, in], {@code X.weight_scale} BF16 [out]: w = q * scale, with q from
   * -127 to 127.
   */
  INT8(8, TensorType.I8),

  /**
   * {@code X.weight} U8 [out, in / 2], the even column in the low four bits, {@code X.weight_scale}
   * BF16 [in / group, out, 2], scale then zero: w = (q - 8) * scale + zero, with q from 0 to 15.
   */
  INT4(4, TensorType.U8);

  /** What {@code quantization_config} calls these forms. */
  public static final String METHOD = "saccade";

  /** What the name of the scales adds to the name of the weight. */
  public static final String SCALE_SUFFIX = "_scale";

  /** Consecutive columns that share a scale and a zero in {@link #INT4}. */
  public static final List<Integer> GROUPS = List.of(32, 64, 128);

  private static final int INT8_COLUMNS = 32;
  private static final int INT4_ROWS = 16;

  private final int bits;
  private final TensorType type;

  Quantisation(int bits, TensorType type) {
    this.bits = bits;
    this.type = type;
  }

  /** Bits of a weight, scales not counted. */
  public int bits() {
    return bits;
  }

  /** The name on the command line: {@code int8}, {@code int4}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Type in which the values are stored. */
  public TensorType type() {
    return type;
  }

  /** The form whose values have this type, if one does. */
  public static Optional<Quantisation> storedAs(TensorType type) {
    return Arrays.stream(values()).filter(form -> form.type == type).findFirst();
  }

  /**
   * Whether the kernels take a weight of this shape; outside of these rules they read beyond its
   * end.
   *
   * @param group columns of a group, which {@link #INT8} has none of
   */
  public boolean takes(long out, long in, long group) {
    return switch (this) {
      case INT8 -> in % INT8_COLUMNS == 0;
      case INT4 -> out % INT4_ROWS == 0 && in % group == 0;
    };
  }

  /** Shape of the stored values. */
  public List<Long> valuesShape(long out, long in) {
    return List.of(out, in * bits / Byte.SIZE);
  }

  /** Shape of the scales. */
  public List<Long> scaleShape(long out, long in, long group) {
    return switch (this) {
      case INT8 -> List.of(out);
      case INT4 -> List.of(in / group, out, 2L);
    };
  }

  /**
   * What is wrong with a weight [out, in] stored in this form, if anything is.
   *
   * @param found the stored values
   * @param scale the scales, if the files have them
   */
  Optional<String> problem(long out, long in, TensorEntry found, Optional<TensorEntry> scale) {
    String rule = rule(out, in);
    if (!found.shape().equals(valuesShape(out, in))) {
      return Optional.of(
          "tensor %s is %s %s, and %s needs %s"
              .formatted(found.name(), found.type(), found.shape(), rule, valuesShape(out, in)));
    }
    if (scale.isEmpty()) {
      return Optional.of(
          "tensor %s is %s, and its scales %s%s are missing"
              .formatted(found.name(), found.type(), found.name(), SCALE_SUFFIX));
    }
    TensorEntry scales = scale.get();
    boolean fits =
        scales.type() == TensorType.BF16
            && GROUPS.stream()
                .anyMatch(
                    group ->
                        takes(out, in, group) && scales.shape().equals(scaleShape(out, in, group)));
    return fits
        ? Optional.empty()
        : Optional.of(
            "tensor %s is %s %s, which are no scales of %s"
                .formatted(scales.name(), scales.type(), scales.shape(), rule));
  }

  private String rule(long out, long in) {
    String groups =
        this == INT4
            ? " in groups of 32, 64 or 128 columns (rows a multiple of %d)".formatted(INT4_ROWS)
            : " (columns a multiple of %d)".formatted(INT8_COLUMNS);
    return "an %s weight [%d, %d]%s".formatted(this, out, in, groups);
  }
}
