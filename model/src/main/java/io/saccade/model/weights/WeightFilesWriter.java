package io.saccade.model.weights;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.saccade.model.config.CheckpointException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the weights of a checkpoint folder: {@code model.safetensors}, or, where that would be too
 * large, {@code model-00001-of-0000N.safetensors} and an index.
 *
 * @see WeightFiles
 */
public final class WeightFilesWriter implements Closeable {
  /** Bytes of a shard at most, unless one tensor alone has more. */
  public static final long SHARD_BYTES = 2_000_000_000L;

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path folder;
  private final List<NewTensor> tensors;
  private final List<SafetensorsWriter> shards = new ArrayList<>();
  private final Map<String, String> shardNames = new HashMap<>();
  private final Map<String, SafetensorsWriter> shardOfTensor = new HashMap<>();

  /**
   * Makes the files with their headers.
   *
   * @param shardBytes bytes of a shard at most
   * @throws CheckpointException if they cannot be written
   */
  WeightFilesWriter(Path folder, List<NewTensor> tensors, long shardBytes) throws IOException {
    this.folder = folder;
    this.tensors = tensors;
    List<List<NewTensor>> parts = split(tensors, shardBytes);
    try {
      for (List<NewTensor> part : parts) {
        open(name(shards.size() + 1, parts.size()), part);
      }
    } catch (CheckpointException e) {
      close();
      throw e;
    }
  }

  private static List<List<NewTensor>> split(List<NewTensor> tensors, long shardBytes) {
    List<List<NewTensor>> parts = new ArrayList<>(List.of(new ArrayList<>()));
    long bytes = 0;
    for (NewTensor tensor : tensors) {
      List<NewTensor> part = parts.get(parts.size() - 1);
      if (!part.isEmpty() && tensor.bytes() > shardBytes - bytes) {
        part = new ArrayList<>();
        parts.add(part);
        bytes = 0;
      }
      part.add(tensor);
      bytes += tensor.bytes();
    }
    return parts;
  }

  private static String name(int number, int count) {
    return count == 1
        ? WeightFiles.SINGLE
        : "model-%05d-of-%05d.safetensors".formatted(number, count);
  }

  private void open(String name, List<NewTensor> part) {
    SafetensorsWriter shard = SafetensorsWriter.create(folder.resolve(name), part);
    shards.add(shard);
    for (NewTensor tensor : part) {
      shardOfTensor.put(tensor.name(), shard);
      shardNames.put(tensor.name(), name);
    }
  }

  /** Writes a piece of a tensor; see {@link SafetensorsWriter#write}. */
  void write(String name, long offset, ByteBuffer bytes) {
    shardOfTensor.get(name).write(name, offset, bytes);
  }

  /**
   * Sees that all files are whole, and writes the index.
   *
   * @throws CheckpointException if the disk refuses one
   */
  void finish() {
    shards.forEach(SafetensorsWriter::finish);
    if (shards.size() > 1) {
      Path index = folder.resolve(WeightFiles.INDEX);
      try {
        Files.writeString(index, GSON.toJson(index()) + "\n");
      } catch (IOException e) {
        throw CheckpointException.unwritable(index, e);
      }
    }
  }

  private JsonObject index() {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("total_size", tensors.stream().mapToLong(NewTensor::bytes).sum());
    JsonObject map = new JsonObject();
    tensors.forEach(tensor -> map.addProperty(tensor.name(), shardNames.get(tensor.name())));
    JsonObject index = new JsonObject();
    index.add("metadata", metadata);
    index.add("weight_map", map);
    return index;
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsWriter shard : shards) {
      shard.close();
    }
  }
}
