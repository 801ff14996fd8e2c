package io.saccade.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process, the Java heap and native memory together. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "VmRSS:";
  private static final int KILO = 1 << 10;

  private ResidentMemory() {}

  /** Its bytes; 0 where the system does not say. */
  static long bytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(KEY))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILO)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
