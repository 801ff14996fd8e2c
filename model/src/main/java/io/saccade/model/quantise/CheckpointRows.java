package io.saccade.model.quantise;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorType;
import io.saccade.model.weights.FloatCodec;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.RowSource;
import io.saccade.model.weights.StoredTensor;
import io.saccade.model.weights.StoredWeight;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The elements of a checkpoint's weights, read piece by piece. */
final class CheckpointRows implements RowSource, Closeable {
  private final Map<Path, FileChannel> channels = new HashMap<>();
  private final Map<String, StoredTensor> tensors = new HashMap<>();

  /**
   * Opens the files of weights that are not quantised.
   *
   * @throws CheckpointException if one cannot be read
   */
  CheckpointRows(List<StoredWeight> weights) throws IOException {
    for (StoredWeight weight : weights) {
      StoredTensor values = weight.values();
      tensors.put(weight.spec().name(), values);
      if (!channels.containsKey(values.file())) {
        channels.put(values.file(), open(values.file()));
      }
    }
  }

  private FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file);
    } catch (IOException e) {
      close();
      throw CheckpointException.unreadable(file, e);
    }
  }

  @Override
  public void read(NewWeight weight, long first, float[] into, int count) {
    StoredTensor tensor = tensors.get(weight.spec().name());
    TensorType type = tensor.entry().type();
    ByteBuffer bytes = ByteBuffer.allocate(count * type.bytes());
    long position = tensor.offset() + first * type.bytes();
    FileChannel channel = channels.get(tensor.file());
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, position + bytes.position()) < 0) {
          throw new IOException("it became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw CheckpointException.unreadable(tensor.file(), e);
    }
    FloatCodec.decode(bytes.flip(), type, into, count);
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels.values()) {
      channel.close();
    }
  }
}
