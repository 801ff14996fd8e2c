package io.saccade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private static final NewTensor BYTES = new NewTensor("bytes", TensorType.U8, List.of(3L));
  private static final NewTensor HALVES = new NewTensor("halves", TensorType.BF16, List.of(5L, 1L));
  private static final NewTensor FLOATS = new NewTensor("floats", TensorType.F32, List.of());

  @TempDir Path folder;

  @Test
  void elementsLieAtMultiplesOfTheirSize() throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, List.of(BYTES, HALVES, FLOATS))) {
      writer.write("halves", 4, ByteBuffer.wrap(new byte[] {5, 6, 7, 8, 9, 10}));
      writer.write("bytes", 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      writer.write("halves", 0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
      writer.write("floats", 0, ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f}));
      writer.finish();
    }

    SafetensorsFile read = SafetensorsFile.open(file);

    assertThat(read.entries().keySet()).containsExactly("floats", "halves", "bytes");
    assertThat(read.stored("floats").offset() % 8).isZero();
    assertThat(read.stored("halves").offset() % 2).isZero();
    assertThat(read.map(read.entries().get("floats")).getFloat()).isEqualTo(1f);
    assertThat(read.map(read.entries().get("halves")).getShort(8)).isEqualTo((short) 0x0a09);
    assertThat(read.map(read.entries().get("bytes")).get(2)).isEqualTo((byte) 3);
  }

  @Test
  void aFileIsWholeOrNotFinished() throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve("x.safetensors"), List.of(BYTES))) {
      writer.write("bytes", 0, ByteBuffer.allocate(2));
      assertThatIllegalStateException().isThrownBy(writer::finish).withMessageContaining("1 byte");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write("bytes", 2, ByteBuffer.allocate(2)));
    }
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> SafetensorsWriter.create(folder.resolve("x.safetensors"), List.of(BYTES)))
        .withMessageContaining("x.safetensors cannot be written");
  }

  @Test
  void splitsIntoShards() throws IOException {
    Random random = new Random(3);
    List<NewTensor> tensors =
        List.of(
            HALVES,
            BYTES,
            new NewTensor("large", TensorType.U8, List.of(40L)),
            new NewTensor("last", TensorType.I8, List.of(2L)));
    try (WeightFilesWriter writer = new WeightFilesWriter(folder, tensors, 20)) {
      for (NewTensor tensor : tensors) {
        byte[] bytes = new byte[(int) tensor.bytes()];
        random.nextBytes(bytes);
        writer.write(tensor.name(), 0, ByteBuffer.wrap(bytes));
      }
      writer.finish();
    }

    WeightFiles files = WeightFiles.open(folder);

    assertThat(folder)
        .isDirectoryContaining("glob:**/model-00001-of-00003.safetensors")
        .isDirectoryContaining("glob:**/model-00003-of-00003.safetensors");
    assertThat(files.names()).containsExactly("halves", "bytes", "large", "last");
    assertThat(files.find("bytes").orElseThrow().file())
        .isEqualTo(files.find("halves").orElseThrow().file());
    assertThat(files.find("large").orElseThrow().file())
        .isNotEqualTo(files.find("last").orElseThrow().file());
    assertThat(Files.readString(folder.resolve(WeightFiles.INDEX))).contains("\"total_size\": 55");
  }
}
