package io.saccade.model.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive, the format that {@code torch.jit.save} writes and {@code
 * torch.jit.load} reads: a zip of uncompressed entries holding the source of one class and a pickle
 * of one object of it.
 *
 * <p>The archive carries no tensors. Weights are handed to the loaded module through a method of
 * its own.
 */
final class TorchScriptArchive {
  private static final byte[] FORMAT_VERSION = "10\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Returns the bytes of an archive.
   *
   * @param className name of the module class that {@code source} defines
   * @param source TorchScript source
   * @param attributes values of the attributes that the class declares, all but its empty
   *     dictionaries in the types of {@link TorchPickle}
   */
  static byte[] of(String className, String source, Map<String, Object> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "version", FORMAT_VERSION);
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      put(zip, "data.pkl", TorchPickle.object("__torch__", className, attributes));
      put(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", EMPTY_TUPLE);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("model/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
