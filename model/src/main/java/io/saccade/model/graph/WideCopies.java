package io.saccade.model.graph;

import java.util.Locale;

/**
 * Whether, on the CPU, quantised weights are kept in bfloat16, too. Prompts and batches are then as
 * fast as with weights in that type, for the memory of both.
 */
public enum WideCopies {
  /**
   * Where the processor multiplies bfloat16 in hardware and all copies together take at most an
   * eighth of the machine's memory (in a container, of what it may have).
   */
  AUTO,
  /** Whatever they take. */
  ALWAYS,
  /** Not at all. */
  NEVER;

  private static final int SHARE = 8;

  /**
   * Whether copies are kept.
   *
   * @param copyBytes what all of them take
   * @param machineBytes memory of the machine
   */
  public boolean kept(long copyBytes, long machineBytes) {
    return switch (this) {
      case AUTO -> Host.hasBfloat16() && copyBytes <= machineBytes / SHARE;
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
