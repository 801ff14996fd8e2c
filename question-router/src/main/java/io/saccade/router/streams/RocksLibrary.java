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
 * Loads RocksDB's native library without leaving a file behind. RocksDB itself unpacks the library
 * to a file that is deleted at a normal exit of the JVM only, so each kill would leave 15 MB in the
 * temporary folder.
 *
 * <p>See decision 8 in {@code docs/decisions.md}.
 */
final class RocksLibrary {

  private static final Logger log = LoggerFactory.getLogger(RocksLibrary.class);

  private RocksLibrary() {}

  /** Loads the library, once in a process. */
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

  /**
   * Deletes the unpacked file. Linux keeps a loaded library in memory; on systems that do not, the
   * file stays.
   */
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
