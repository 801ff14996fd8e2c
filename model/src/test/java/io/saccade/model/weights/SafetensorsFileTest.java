package io.saccade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.model.TensorsFile;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
  private static final byte[] EIGHT_BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir Path folder;

  @Test
  void readsTensorsInTheHeadersOrder() {
    Path file =
        new TensorsFile()
            .put("b", "I16", List.of(2L, 1L), new byte[] {1, 0, 2, 0})
            .put("a", "U8", List.of(3L), new byte[] {7, 8, 9})
            .put("scalar", "U8", List.of(), new byte[] {5})
            .put("empty", "F32", List.of(0L, 4L), new byte[0])
            .write(folder.resolve("model.safetensors"));

    SafetensorsFile read = SafetensorsFile.open(file);

    assertThat(read.entries()).containsOnlyKeys("b", "a", "scalar", "empty");
    assertThat(read.entries().get("b"))
        .isEqualTo(new TensorEntry("b", TensorType.I16, List.of(2L, 1L), 0, 4));
    assertThat(read.map(read.entries().get("b")).getShort(2)).isEqualTo((short) 2);
    assertThat(read.map(read.entries().get("a")).get(2)).isEqualTo((byte) 9);
    assertThat(read.map(read.entries().get("scalar")).remaining()).isOne();
    assertThat(read.map(read.entries().get("empty")).remaining()).isZero();
  }

  @Test
  void readsElementsAtOddAddresses() {
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] json =
        (header + " ".repeat(Math.floorMod(1 - header.length(), 4)))
            .getBytes(StandardCharsets.UTF_8);
    byte[] one = {0, 0, (byte) 0x80, 0x3f};
    SafetensorsFile file =
        SafetensorsFile.open(
            TensorsFile.write(folder.resolve("odd.safetensors"), json.length, json, one));

    ByteBuffer bytes = file.map(file.entries().get("x"));

    assertThat(bytes.isDirect()).isTrue();
    assertThat(bytes.getFloat()).isEqualTo(1f);
  }

  @Test
  void ignoresMetadataAndUnknownKeys() {
    Path file =
        write(
            "{\"__metadata__\":{\"format\":\"pt\"},\"x\":{\"new\":[{}],\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}");
    assertThat(SafetensorsFile.open(file).entries()).containsOnlyKeys("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'x':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | tensor x has the unknown dtype F8_E4M3",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}} | outside the 8 bytes of data",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | outside the 8 bytes of data",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | negative number",
        "{'x':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | has 8 bytes where [3] of F32 needs 12",
        "{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | beyond 64 bits",
        "{'x':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,8]}} | beyond 64 bits",
        "{'x':{'dtype':'U8','shape':[1,1,1,1,1,1,1,1,8],'data_offsets':[0,8]}} | more than 8 dimensions",
        "{'x':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}} | 8 bytes of data, but its header describes 4",
        "{'x':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | leaves a gap",
        "{'x':{'dtype':'U8','shape':[6],'data_offsets':[0,6]},'y':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | tensor y overlaps",
        "{'x':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'x':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}} | tensor x is listed twice",
        "{'x':{'dtype':'U8','dtype':'I8','shape':[8],'data_offsets':[0,8]}} | tensor x gives its dtype twice",
        "{'x':{'dtype':'U8','shape':[8]}} | needs a dtype, a shape and two data_offsets",
        "{'x':{'dtype':'U8','shape':[8],'data_offsets':[0]}} | needs a dtype, a shape and two data_offsets",
        "{'x':{'dtype':'U8','shape':['a'],'data_offsets':[0,8]}} | malformed",
        "{'x':{'dtype':'U8','shape':[1e99],'data_offsets':[0,8]}} | malformed",
        "{'x':7} | malformed",
        "[] | malformed",
        "{'x':{'dtype':'U8','shape':[8],'data_offsets':[0,8]} | malformed",
        "{'x':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}} {} | malformed",
      })
  void refusesAHeaderThatLies(String header, String problem) {
    Path file = write(header.replace('\'', '"'));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> SafetensorsFile.open(file))
        .withMessageContaining(file.toString())
        .withMessageContaining(problem);
  }

  /** Shards of many gigabytes are common, and one tensor may have more bytes than an int counts. */
  @Test
  void readsBeyondFourGibibytes() throws IOException {
    long large = 5L << 30;
    String header =
        "{'large':{'dtype':'U8','shape':[%1$d],'data_offsets':[0,%1$d]},'last':{'dtype':'U8','shape':[8],'data_offsets':[%1$d,%2$d]}}"
            .formatted(large, large + 8)
            .replace('\'', '"');
    Path file = TensorsFile.write(folder.resolve("large.safetensors"), header, new byte[0]);
    long dataStart = Files.size(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(channel.write(ByteBuffer.wrap(EIGHT_BYTES), dataStart + large)).isEqualTo(8);
    }

    SafetensorsFile read = SafetensorsFile.open(file);

    assertThat(read.entries().get("large").bytes()).isEqualTo(large);
    assertThat(read.stored("last").offset()).isEqualTo(dataStart + large);
    assertThat(read.map(read.entries().get("last")).get(7)).isEqualTo((byte) 8);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read.map(read.entries().get("large")))
        .withMessageContaining("tensor large has 5368709120 bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 30, 11})
  void refusesAHeaderLengthThatLiesBeforeAllocatingIt(long announced) {
    Path file =
        TensorsFile.write(
            folder.resolve("x.safetensors"), announced, new byte[] {'{', '}'}, EIGHT_BYTES);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> SafetensorsFile.open(file))
        .withMessageContaining(
            "announces a header of " + Long.toUnsignedString(announced) + " bytes");
  }

  @Test
  void refusesFilesThatAreNone() throws IOException {
    Path absent = folder.resolve("absent.safetensors");
    Path empty = Files.createFile(folder.resolve("empty.safetensors"));
    Path text =
        Files.writeString(
            folder.resolve("text.safetensors"), "version https://git-lfs.github.com/spec/v1");
    Path binary =
        TensorsFile.write(
            folder.resolve("b.safetensors"), 2, new byte[] {(byte) 0xff, '{'}, EIGHT_BYTES);
    for (Path file : List.of(absent, empty, text, binary, folder)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> SafetensorsFile.open(file))
          .withMessageContaining(file.toString());
    }
  }

  /**
   * Whatever a file says, it is either read within its bounds or refused with a typed exception.
   */
  @Test
  void survivesRandomDamage() throws IOException {
    Random random = new Random(7);
    byte[] whole =
        Files.readAllBytes(
            new TensorsFile()
                .put("model.a", "F32", List.of(2L, 3L), new byte[24])
                .put("model.b", "BF16", List.of(5L), new byte[10])
                .put("model.c", "U8", List.of(), new byte[1])
                .write(folder.resolve("whole.safetensors")));
    Path file = folder.resolve("damaged.safetensors");
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      Files.write(file, damaged(whole, random));
      try {
        SafetensorsFile read = SafetensorsFile.open(file);
        read.entries()
            .values()
            .forEach(
                entry -> assertThat(read.map(entry).remaining()).isEqualTo((int) entry.bytes()));
      } catch (CheckpointException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(500, 1500);
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes =
        Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) "0123456789[]{},\":-".charAt(random.nextInt(18));
    }
    return bytes;
  }

  private Path write(String header) {
    return TensorsFile.write(folder.resolve("x.safetensors"), header, EIGHT_BYTES);
  }
}
