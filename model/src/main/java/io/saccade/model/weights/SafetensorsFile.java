package io.saccade.model.weights;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorEntry;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * A safetensors file: an 8-byte little-endian header length, the header, and the tensors' bytes.
 * Tensors are mapped into memory one by one, so that a file may be larger than 2 GiB and only what
 * is used gets read.
 */
public final class SafetensorsFile {
  /** Far above what is needed: the released shards have headers of about 40 kB. */
  static final int MAX_HEADER_BYTES = 16 << 20;

  private final Path file;
  private final long dataStart;
  private final Map<String, TensorEntry> entries;

  private SafetensorsFile(Path file, long dataStart, Map<String, TensorEntry> entries) {
    this.file = file;
    this.dataStart = dataStart;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Reads a file's header.
   *
   * @throws CheckpointException if the file cannot be read or breaks the format
   */
  public static SafetensorsFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      int headerBytes = headerBytes(file, channel);
      String header =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(read(channel, Long.BYTES, headerBytes))
              .toString();
      long dataStart = Long.BYTES + (long) headerBytes;
      long dataBytes = channel.size() - dataStart;
      return new SafetensorsFile(
          file, dataStart, SafetensorsHeader.parse(file, new StringReader(header), dataBytes));
    } catch (CharacterCodingException e) {
      throw new CheckpointException(file + " has a safetensors header that is not UTF-8", e);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private static int headerBytes(Path file, FileChannel channel) throws IOException {
    if (channel.size() < Long.BYTES) {
      throw new CheckpointException(
          "%s has %d bytes, too few for a safetensors file".formatted(file, channel.size()));
    }
    long announced = read(channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, channel.size() - Long.BYTES);
    if (announced < 0 || announced > most) {
      throw new CheckpointException(
          "%s announces a header of %s bytes, and at most %d are possible"
              .formatted(file, Long.toUnsignedString(announced), most));
    }
    return (int) announced;
  }

  private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file ends at byte " + channel.size());
      }
    }
    return buffer.flip();
  }

  Path file() {
    return file;
  }

  /** Tensors by name, in the header's order. */
  public Map<String, TensorEntry> entries() {
    return entries;
  }

  /** Where one of its tensors lies. */
  StoredTensor stored(String name) {
    TensorEntry entry = entries.get(name);
    return new StoredTensor(file, dataStart + entry.begin(), entry);
  }

  /**
   * Maps one tensor's bytes.
   *
   * @return its bytes, little-endian, readable as long as the buffer is referred to
   * @throws CheckpointException if the tensor is larger than a mapping can be, or the file has
   *     changed
   */
  public ByteBuffer map(TensorEntry entry) {
    if (entry.bytes() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "%s: tensor %s has %d bytes, and at most %d can be mapped: store it as F16 or BF16"
              .formatted(file, entry.name(), entry.bytes(), Integer.MAX_VALUE));
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long position = dataStart + entry.begin();
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, position, entry.bytes());
      return (position % entry.type().bytes() == 0 ? bytes : copy(bytes))
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  /**
   * Elements that a header of odd length has put at addresses where the processor may not read
   * them.
   */
  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
  }
}
