package io.saccade.model.graph;

import io.saccade.model.architecture.ModelDescription;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How to run a model.
 *
 * @param device {@code cpu}, {@code cuda} (which is {@code cuda:0}) or {@code cuda:N}
 * @param threads threads of one tensor operation on the CPU, of the whole process; 0 leaves the
 *     engine's choice, which is one per core. More threads than idle cores make it several times
 *     slower, not faster
 * @param frames frames of a clip, 1 to 4096, where the checkpoint's own number is not wanted
 * @param precision the type to compute in
 * @param wideCopies whether quantised weights are kept in bfloat16, too, on the CPU
 */
public record ModelOptions(
    String device, int threads, OptionalInt frames, Precision precision, WideCopies wideCopies) {
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(:\\d{1,3})?");
  private static final int MAX_THREADS = 1024;

  /** Checks the values. */
  public ModelOptions {
    if (!DEVICE.matcher(device).matches()) {
      throw new IllegalArgumentException(
          "device is " + device + ", and cpu, cuda or cuda:N is needed");
    }
    if (threads < 0 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads is %d, and 0 to %d is needed".formatted(threads, MAX_THREADS));
    }
    if (frames.isPresent()
        && (frames.getAsInt() < 1 || frames.getAsInt() > ModelDescription.MAX_FRAMES)) {
      throw new IllegalArgumentException(
          "frames is %d, and 1 to %d is needed"
              .formatted(frames.getAsInt(), ModelDescription.MAX_FRAMES));
    }
  }

  /**
   * On the CPU, with the engine's threads, the checkpoint's frames and the hardware's precision.
   */
  public static ModelOptions defaults() {
    return new ModelOptions("cpu", 0, OptionalInt.empty(), Precision.AUTO, WideCopies.AUTO);
  }

  /** These options with another number of threads. */
  public ModelOptions withThreads(int newThreads) {
    return new ModelOptions(device, newThreads, frames, precision, wideCopies);
  }

  /** These options with another type to compute in. */
  public ModelOptions withPrecision(Precision newPrecision) {
    return new ModelOptions(device, threads, frames, newPrecision, wideCopies);
  }

  /** These options with another choice of bfloat16 copies of quantised weights. */
  public ModelOptions withWideCopies(WideCopies newWideCopies) {
    return new ModelOptions(device, threads, frames, precision, newWideCopies);
  }
}
