package io.saccade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.model.config.TensorType;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatCodecTest {

  /** Every bit pattern survives the way to a float and back, NaNs as some NaN. */
  @Test
  void halvesAreExact() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float f16 = FloatCodec.ofF16((short) bits);
      float bf16 = FloatCodec.ofBf16((short) bits);
      if (!Float.isNaN(f16)) {
        assertThat(FloatCodec.f16(f16)).isEqualTo((short) bits);
      }
      if (!Float.isNaN(bf16)) {
        assertThat(FloatCodec.bf16(bf16)).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3c00",
    "-2, c000",
    "65504, 7bff",
    "65519, 7bff",
    "65520, 7c00",
    "-Infinity, fc00",
    "NaN, 7e00",
    "6.1035156e-5, 0400",
    "6.1e-5, 03ff",
    "5.9604645e-8, 0001",
    "2.9802322e-8, 0000",
    "4.5e-8, 0001",
    "1.00048828125, 3c00",
    "1.00146484375, 3c02",
    "1.9998, 4000",
    "-0.0, 8000",
  })
  void roundsToF16(float value, String bits) {
    assertThat("%04x".formatted(FloatCodec.f16(value) & 0xffff)).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3f80",
    "1.00390625, 3f80",
    "1.01171875, 3f82",
    "1.005, 3f81",
    "3.4028235e38, 7f80",
    "-Infinity, ff80",
    "NaN, 7fc0",
    "-0.0, 8000",
  })
  void roundsToBf16(float value, String bits) {
    assertThat("%04x".formatted(FloatCodec.bf16(value) & 0xffff)).isEqualTo(bits);
  }

  @Test
  void decodesWhatItEncodes() {
    float[] values = {1.5f, -0.25f, 0, 1024, 7};
    for (TensorType type : TensorType.values()) {
      if (type.isWeight()) {
        ByteBuffer bytes = FloatCodec.encode(values, 4, type);
        assertThat(bytes.remaining()).isEqualTo(4 * type.bytes());
        float[] decoded = new float[4];
        FloatCodec.decode(bytes, type, decoded, 4);
        assertThat(decoded).containsExactly(1.5f, -0.25f, 0, 1024);
      }
    }
  }
}
