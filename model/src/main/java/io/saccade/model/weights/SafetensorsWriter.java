package io.saccade.model.weights;

import com.google.gson.stream.JsonWriter;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a safetensors file whose tensors are known beforehand. The header comes first, padded with
 * spaces so that the data begins at a multiple of 8; tensors tile it, those of wider elements
 * first, so that every element lies at a multiple of its size. Their bytes may then come in any
 * pieces and order, from several threads, and nothing is held in memory.
 *
 * @see SafetensorsFile
 */
final class SafetensorsWriter implements Closeable {
  private static final int ALIGNMENT = 8;

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, TensorEntry> entries;
  private final AtomicLong missingBytes;

  private SafetensorsWriter(
      Path file, FileChannel channel, long dataStart, Map<String, TensorEntry> entries) {
    this.file = file;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
    this.missingBytes =
        new AtomicLong(entries.values().stream().mapToLong(TensorEntry::bytes).sum());
  }

  /**
   * Makes a file and writes its header.
   *
   * @throws CheckpointException if the file is there already or cannot be written
   */
  static SafetensorsWriter create(Path file, List<NewTensor> tensors) {
    Map<String, TensorEntry> entries = layOut(tensors);
    try {
      ByteBuffer header = header(entries);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      SafetensorsWriter writer = new SafetensorsWriter(file, channel, header.remaining(), entries);
      writer.writeAt(0, header);
      return writer;
    } catch (IOException e) {
      throw CheckpointException.unwritable(file, e);
    }
  }

  private static Map<String, TensorEntry> layOut(List<NewTensor> tensors) {
    List<NewTensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingInt((NewTensor tensor) -> -tensor.type().bytes()));
    Map<String, TensorEntry> entries = new LinkedHashMap<>();
    long begin = 0;
    for (NewTensor tensor : ordered) {
      long end = begin + tensor.bytes();
      entries.put(
          tensor.name(), new TensorEntry(tensor.name(), tensor.type(), tensor.shape(), begin, end));
      begin = end;
    }
    return entries;
  }

  private static ByteBuffer header(Map<String, TensorEntry> entries) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      json.name("__metadata__").beginObject().name("format").value("pt").endObject();
      for (TensorEntry entry : entries.values()) {
        write(json, entry);
      }
      json.endObject();
    }
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (utf8.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    header.put(utf8);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static void write(JsonWriter json, TensorEntry entry) throws IOException {
    json.name(entry.name()).beginObject();
    json.name("dtype").value(entry.type().name());
    json.name("shape").beginArray();
    for (long size : entry.shape()) {
      json.value(size);
    }
    json.endArray();
    json.name("data_offsets").beginArray().value(entry.begin()).value(entry.end()).endArray();
    json.endObject();
  }

  /**
   * Writes a piece of a tensor; each byte of it is to be written once.
   *
   * @param offset of the piece in the tensor, in bytes
   * @param bytes the piece, little-endian; its position moves to its limit
   * @throws CheckpointException if it cannot be written
   */
  void write(String name, long offset, ByteBuffer bytes) {
    TensorEntry entry = entries.get(name);
    if (offset < 0 || bytes.remaining() > entry.bytes() - offset) {
      throw new IllegalArgumentException(
          "%d bytes at %d of tensor %s, which has %d"
              .formatted(bytes.remaining(), offset, name, entry.bytes()));
    }
    missingBytes.addAndGet(-bytes.remaining());
    writeAt(dataStart + entry.begin() + offset, bytes);
  }

  private void writeAt(long position, ByteBuffer bytes) {
    try {
      for (long at = position; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw CheckpointException.unwritable(file, e);
    }
  }

  /**
   * Sees that the file is whole and on disk.
   *
   * @throws CheckpointException if the disk refuses it
   */
  void finish() {
    if (missingBytes.get() != 0) {
      throw new IllegalStateException("%s lacks %d bytes".formatted(file, missingBytes.get()));
    }
    try {
      channel.force(true);
    } catch (IOException e) {
      throw CheckpointException.unwritable(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
