package io.saccade.model.config;

import java.util.List;

/**
 * One tensor of a safetensors file.
 *
 * @param name its name
 * @param type type of its elements
 * @param shape its dimensions, row-major
 * @param begin first byte, from the start of the file's data
 * @param end first byte after it
 */
public record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {

  /** Bytes that it occupies. */
  public long bytes() {
    return end - begin;
  }

  /**
   * Number of its elements.
   *
   * @throws ArithmeticException beyond 64 bits
   */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
