package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Question;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A topic's deserialiser")
final class HostileBytesTest {

  private static final int ROUNDS = 5_000;

  static List<Topic<?>> topics() {
    return Topics.ALL;
  }

  @ParameterizedTest
  @MethodSource("topics")
  @DisplayName("makes something of any bytes, without throwing")
  void survivesRandomBytes(Topic<?> topic) {
    Random random = new Random(topic.name().hashCode());
    Deserializer<? extends Parsed<?>> deserializer = ProtoSerdes.deserializer(topic);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);

      Parsed<?> parsed = deserializer.deserialize("any", bytes);

      assertThat(parsed).isNotNull();
      if (parsed instanceof Parsed.Malformed<?> malformed) {
        assertThat(malformed.bytes()).isSameAs(bytes);
        assertThat(malformed.reason()).contains(topic.name());
      }
    }
  }

  @Test
  @DisplayName("survives a message with any of its bytes changed")
  void survivesFlippedBytes() {
    byte[] good = manifest().toByteArray();
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();

      assertThat(Topics.CLIPS.parse(bytes)).isNotNull();
    }
  }

  @Test
  @DisplayName("survives a message cut anywhere")
  void survivesTruncation() {
    byte[] good = manifest().toByteArray();
    for (int length = 0; length < good.length; length++) {
      assertThat(Topics.CLIPS.parse(Arrays.copyOf(good, length))).isNotNull();
    }
    assertThat(Topics.CLIPS.parse(good)).isEqualTo(new Parsed.Valid<>(manifest()));
  }

  @Test
  @DisplayName("refuses groups nested a million deep instead of overflowing the stack")
  void refusesDeepNesting() {
    byte[] nested = new byte[1_000_000];
    Arrays.fill(nested, (byte) 0x7b); // field 15, start of a group

    assertThat(Topics.QUESTIONS.parse(nested)).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  @DisplayName("refuses a length beyond the bytes without allocating it")
  void refusesHugeLength() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(FrameTensor.DATA_FIELD_NUMBER, 2);
    out.writeUInt32NoTag(Integer.MAX_VALUE);
    out.flush();

    assertThat(Topics.FRAMES.parse(bytes.toByteArray())).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  @DisplayName("refuses a field after the message's end")
  void refusesTrailingEndGroup() {
    byte[] good = manifest().toByteArray();
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    longer[good.length] = 0x0c; // field 1, end of a group that never began

    assertThat(Topics.CLIPS.parse(longer)).isInstanceOf(Parsed.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
  @DisplayName("refuses a value whose id is blank")
  void refusesBlankIds(String id) {
    byte[] bytes = Question.newBuilder().setVideoId(id).setText("why?").build().toByteArray();

    assertThat(Topics.QUESTIONS.parse(bytes))
        .isInstanceOfSatisfying(
            Parsed.Malformed.class,
            malformed ->
                assertThat(malformed.reason())
                    .isEqualTo("no id in it: not a record of topic questions"));
  }

  @Test
  @DisplayName("refuses text that is not UTF-8")
  void refusesBadUtf8() {
    byte[] bytes = "\u0012\u0003v??".getBytes(StandardCharsets.ISO_8859_1); // field 2, a text
    bytes[3] = (byte) 0xc3;
    bytes[4] = (byte) 0x28;

    assertThat(Topics.QUESTIONS.parse(bytes)).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  @DisplayName("keeps fields that this version does not know")
  void keepsUnknownFields() {
    byte[] bytes = manifest().toByteArray();
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
    longer[bytes.length] = (byte) 0xf8; // field 31, a number
    longer[bytes.length + 1] = 1;
    longer[bytes.length + 2] = 42;

    assertThat(Topics.CLIPS.parse(longer))
        .isInstanceOfSatisfying(
            Parsed.Valid.class,
            valid -> assertThat(valid.message().toByteArray()).isEqualTo(longer));
  }

  @Test
  @DisplayName("hands a tombstone on as null")
  void passesTombstones() {
    assertThat(ProtoSerdes.deserializer(Topics.VIDEOS).deserialize("any", null)).isNull();
  }

  private static ClipManifest manifest() {
    return ClipManifest.newBuilder()
        .setClipId("0123456789abcdef0123456789abcdef")
        .setVideoIdBytes(ByteString.copyFromUtf8("Überwachung 3"))
        .setAttempt(1)
        .addFrames(FrameEntry.newBuilder().setOffset(1L << 40).setCrc32C(-1))
        .addFrames(FrameEntry.newBuilder().setPosition(1).setFrameIndex(7).setOffset(2L << 40))
        .build();
  }
}
