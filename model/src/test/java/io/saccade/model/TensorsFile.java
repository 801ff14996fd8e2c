package io.saccade.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.weights.SafetensorsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes safetensors files, right and wrong ones. */
public final class TensorsFile {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  record Tensor(String type, List<Long> shape, ByteBuffer bytes) {}

  /** Starts from the tensors of a file. */
  public static TensorsFile of(Path file) {
    TensorsFile writer = new TensorsFile();
    SafetensorsFile source = SafetensorsFile.open(file);
    for (TensorEntry entry : source.entries().values()) {
      ByteBuffer mapped = source.map(entry);
      byte[] bytes = new byte[mapped.remaining()];
      mapped.get(bytes);
      writer.put(entry.name(), entry.type().name(), entry.shape(), bytes);
    }
    return writer;
  }

  public TensorsFile put(String name, String type, List<Long> shape, byte[] bytes) {
    tensors.put(name, new Tensor(type, shape, ByteBuffer.wrap(bytes)));
    return this;
  }

  TensorsFile remove(String name) {
    assertPresent(name);
    tensors.remove(name);
    return this;
  }

  /** Gives a tensor another name. */
  TensorsFile rename(String name, String newName) {
    assertPresent(name);
    tensors.put(newName, tensors.remove(name));
    return this;
  }

  /** Gives a tensor another shape of as many elements. */
  TensorsFile reshape(String name, Long... shape) {
    assertPresent(name);
    tensors.put(
        name, new Tensor(tensors.get(name).type(), List.of(shape), tensors.get(name).bytes()));
    return this;
  }

  /** Changes the sign of a float32 tensor's elements. */
  public TensorsFile negate(String name) {
    assertPresent(name);
    ByteBuffer bytes = tensors.get(name).bytes();
    for (int i = 3; i < bytes.limit(); i += Float.BYTES) {
      bytes.put(i, (byte) (bytes.get(i) ^ 0x80));
    }
    return this;
  }

  private void assertPresent(String name) {
    if (!tensors.containsKey(name)) {
      throw new IllegalArgumentException("no tensor " + name);
    }
  }

  public Path write(Path file) {
    JsonObject header = new JsonObject();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          JsonObject entry = new JsonObject();
          entry.addProperty("dtype", tensor.type());
          entry.add("shape", array(tensor.shape()));
          entry.add(
              "data_offsets",
              array(List.of((long) data.size(), (long) data.size() + tensor.bytes().limit())));
          header.add(name, entry);
          data.writeBytes(tensor.bytes().array());
        });
    return write(file, header.toString(), data.toByteArray());
  }

  /** Writes a file of any header and data. */
  public static Path write(Path file, String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return write(file, json.length, json, data);
  }

  /** Writes a file that announces a header of any length. */
  public static Path write(Path file, long announced, byte[] header, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(announced).array());
    out.writeBytes(header);
    out.writeBytes(data);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonArray array(List<Long> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(array::add);
    return array;
  }
}
