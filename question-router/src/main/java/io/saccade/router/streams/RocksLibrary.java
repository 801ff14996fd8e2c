package io.saccade.router.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native library. RocksDB itself unpacks it to a file that goes when the JVM ends by
 * itself, and so leaves 15 MB behind each time that a signal ends it.
 */
final class RocksLibrary {

  private static final Logger log = LoggerFactory.getLogger(RocksLibrary.class);

  private RocksLibrary() {}

  /** Loads it, once a process, and leaves no file. */
  static void load() {
    try {
      Path folder = Files.createTempDirectory("saccade-rocksdb-");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("RocksDB's library cannot be unpacked", e);
    }
  }

  /** What is loaded stays loaded, but for systems that do not let its file go. */
  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      log.debug("event=library_left folder={} reason=\"{}\"", folder, e.toString());
    }
  }
}
