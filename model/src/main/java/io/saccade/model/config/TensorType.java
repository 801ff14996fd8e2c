package io.saccade.model.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element type of a tensor in a safetensors file: its name there, its size and PyTorch's number for
 * it.
 */
public enum TensorType {
  U8(1, 0),
  I8(1, 1),
  I16(2, 2),
  I32(4, 3),
  I64(8, 4),
  F16(2, 5),
  F32(4, 6),
  F64(8, 7),
  BOOL(1, 11),
  BF16(2, 15);

  private final int bytes;
  private final int scalarType;

  TensorType(int bytes, int scalarType) {
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** PyTorch's {@code c10::ScalarType} number. */
  public int scalarType() {
    return scalarType;
  }

  /** Whether a checkpoint's weights may have this type. */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16;
  }

  public static Optional<TensorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
