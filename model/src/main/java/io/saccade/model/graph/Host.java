package io.saccade.model.graph;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What the machine can do. */
public final class Host {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final Set<String> FLAGS = flags();

  private Host() {}

  /** Whether it multiplies bfloat16 matrices in hardware: AVX512-BF16 or AMX. */
  public static boolean hasBfloat16() {
    return FLAGS.contains("avx512_bf16") || FLAGS.contains("amx_bf16");
  }

  /** Bytes of its memory; in a container, of what the container may have. */
  public static long memoryBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** What the processor can do, as Linux says. */
  private static Set<String> flags() {
    try (var lines = Files.lines(CPUINFO)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(
              line ->
                  Set.copyOf(Set.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException | RuntimeException e) {
      return Set.of(); // no Linux, no claim
    }
  }
}
