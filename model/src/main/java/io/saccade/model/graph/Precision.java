package io.saccade.model.graph;

import io.saccade.model.config.TensorType;
import java.util.Locale;

/** The type that activations, caches and unquantised weights have while a model computes. */
public enum Precision {
  /**
   * The type of the checkpoint's weights where the hardware computes in it, else {@link #F32}:
   * {@link #BF16} on CUDA and on a CPU with AVX512-BF16 or AMX, {@link #F16} on CUDA. Quantised
   * weights always mean BF16, which their kernels take.
   */
  AUTO,
  /** {@link #F32} whatever the hardware, but quantised weights as in {@link #AUTO}. */
  EXACT,
  /** 32 bits. */
  F32,
  /** 16 bits with the range of 32. */
  BF16,
  /** 16 bits of the IEEE kind. */
  F16;

  /** The type that a checkpoint is computed in. */
  public TensorType resolve(TensorType stored, boolean quantised, String device) {
    return switch (this) {
      case F32 -> TensorType.F32;
      case BF16 -> TensorType.BF16;
      case F16 -> TensorType.F16;
      case EXACT -> quantised ? TensorType.BF16 : TensorType.F32;
      case AUTO -> auto(stored, quantised, device);
    };
  }

  private static TensorType auto(TensorType stored, boolean quantised, String device) {
    if (quantised) {
      return TensorType.BF16;
    }
    boolean host = device.equals("cpu");
    return switch (stored) {
      case BF16 -> !host || Host.hasBfloat16() ? TensorType.BF16 : TensorType.F32;
      case F16 -> host ? TensorType.F32 : TensorType.F16;
      default -> TensorType.F32;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
