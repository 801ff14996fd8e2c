package io.saccade.model.weights;

import io.saccade.model.config.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns the elements of F32, F16 and BF16 tensors into floats and back, rounding to even. */
public final class FloatCodec {
  private static final int F16_EXPONENT_SHIFT = 10;
  private static final int F16_BIAS = 15;

  /** The unit of F16's subnormal numbers, and the largest number below infinity's rounding. */
  private static final float F16_UNIT = 0x1p-24f;

  private static final float F16_MAX = 65_520f;

  private FloatCodec() {}

  /** The first {@code count} elements of {@code bytes} as floats. */
  public static void decode(ByteBuffer bytes, TensorType type, float[] into, int count) {
    ByteBuffer source = bytes.order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> source.asFloatBuffer().get(into, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ofBf16(source.getShort(source.position() + i * Short.BYTES));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = ofF16(source.getShort(source.position() + i * Short.BYTES));
        }
      }
      default -> throw new IllegalArgumentException(type + " is no type of weights");
    }
  }

  /** The first {@code count} floats as elements. */
  static ByteBuffer encode(float[] values, int count, TensorType type) {
    ByteBuffer bytes = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> bytes.asFloatBuffer().put(values, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          bytes.putShort(i * Short.BYTES, bf16(values[i]));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          bytes.putShort(i * Short.BYTES, f16(values[i]));
        }
      }
      default -> throw new IllegalArgumentException(type + " is no type of weights");
    }
    return bytes;
  }

  /** A float as BF16: its upper half, rounded. */
  static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> Short.SIZE) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
  }

  static float ofBf16(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }

  /** A float rounded to what BF16 can hold. */
  static float roundToBf16(float value) {
    return ofBf16(bf16(value));
  }

  static short f16(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> Short.SIZE) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    } else if (magnitude >= F16_MAX) {
      return (short) (sign | 0x7c00);
    }
    int exponent = Math.max(Math.getExponent(magnitude), 1 - F16_BIAS);
    float unit = Math.scalb(1f, exponent - F16_EXPONENT_SHIFT);
    int steps = (int) Math.rint(magnitude / unit);
    // The mantissa's leading one, where there is one, adds 1 to the exponent; so does a carry.
    return (short) (sign | (((exponent + F16_BIAS - 1) << F16_EXPONENT_SHIFT) + steps));
  }

  static float ofF16(short bits) {
    int exponent = (bits >>> F16_EXPONENT_SHIFT) & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude;
    if (exponent == 0x1f) {
      magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = mantissa * F16_UNIT;
    } else {
      magnitude = Float.intBitsToFloat(((exponent + 127 - F16_BIAS) << 23) | (mantissa << 13));
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
