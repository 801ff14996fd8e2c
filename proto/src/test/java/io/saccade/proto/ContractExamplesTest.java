package io.saccade.proto;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Each example record in docs/contract.md")
final class ContractExamplesTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "contract.md");
  private static final Pattern HEADING = Pattern.compile("(?m)^### `([a-z-]+)`$");
  private static final Pattern RECORD =
      Pattern.compile("Key `([^`]+)`:\\s*```json\\n(.*?)\\n```", Pattern.DOTALL);

  private static List<Example> examples;

  private record Example(Topic<?> topic, String key, String json, Message message) {
    @Override
    public String toString() {
      return topic.name() + " " + key;
    }
  }

  @BeforeAll
  static void readDocument() throws IOException {
    String text = Files.readString(DOCUMENT);
    examples = new ArrayList<>();
    Matcher heading = HEADING.matcher(text);
    while (heading.find()) {
      int end = text.indexOf("\n#", heading.end());
      String section = text.substring(heading.end(), end < 0 ? text.length() : end);
      Topic<?> topic = Topics.named(heading.group(1)).orElseThrow();
      Matcher record = RECORD.matcher(section);
      while (record.find()) {
        Message message = Json.parse(record.group(2), builder(topic)).build();
        examples.add(new Example(topic, record.group(1), record.group(2), message));
      }
    }
  }

  static Stream<Example> examples() {
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  @DisplayName("is what our own JSON says of the record it describes")
  void isCanonical(Example example) throws IOException {
    Message read = builder(example.topic).mergeFrom(example.message.toByteArray()).build();

    assertThat(read).isEqualTo(example.message);
    assertThat(JsonParser.parseString(Json.line(read)))
        .isEqualTo(JsonParser.parseString(example.json));
  }

  @ParameterizedTest
  @MethodSource("examples")
  @DisplayName("is accepted under the key it is shown with")
  void isAcceptedUnderItsKey(Example example) {
    assertThat(example.topic.parse(example.message.toByteArray())).isInstanceOf(Parsed.Valid.class);
    assertThat(example.key).isEqualTo(keyOf(example));
  }

  @Test
  @DisplayName("has company: every topic has one")
  void everyTopicHasOne() {
    assertThat(examples.stream().map(Example::topic).distinct())
        .containsExactlyInAnyOrderElementsOf(Topics.ALL);
  }

  @Test
  @DisplayName("together show every field")
  void everyFieldIsShown() {
    Set<String> shown = new HashSet<>();
    examples.forEach(example -> collectShown(example.message, shown));
    Set<String> known = new TreeSet<>();
    Topics.ALL.forEach(topic -> collectKnown(builder(topic).getDescriptorForType(), known));

    known.removeAll(shown);

    assertThat(known).isEmpty();
  }

  @Test
  @DisplayName("of a frame has the pixels, the checksum and the manifest's entry that go together")
  void frameAgreesWithManifest() {
    FrameTensor frame = only(FrameTensor.class).get(0);
    CRC32C crc = new CRC32C();
    crc.update(frame.getData().asReadOnlyByteBuffer());
    ClipManifest manifest = only(ClipManifest.class).get(0);
    List<FrameEntry> entries =
        manifest.getFramesList().stream()
            .filter(entry -> entry.getFrameIndex() == frame.getFrameIndex())
            .toList();

    assertThat(frame.getData().size())
        .isEqualTo(frame.getHeight() * frame.getWidth() * frame.getChannels());
    assertThat((int) crc.getValue()).isEqualTo(frame.getCrc32C());
    assertThat(manifest.getFramesCount()).isEqualTo(manifest.getProfile().getFrames());
    assertThat(entries)
        .isNotEmpty()
        .allMatch(entry -> entry.getCrc32C() == frame.getCrc32C())
        .allMatch(entry -> entry.getPts().equals(frame.getPts()));
  }

  /** The key by the contract: two values do not repeat it. */
  private static String keyOf(Example example) {
    if (example.message instanceof FrameTensor frame) {
      return only(ClipManifest.class).stream()
          .filter(manifest -> manifest.getClipId().equals(frame.getClipId()))
          .findFirst()
          .orElseThrow()
          .getVideoId();
    }
    if (example.message instanceof DeadLetter letter) {
      return letter.getTopic() + "-" + letter.getPartition();
    }
    return idIn(example.topic, example.message);
  }

  private static <V extends com.google.protobuf.MessageLite> String idIn(
      Topic<V> topic, Message message) {
    return topic.parse(message.toByteArray()) instanceof Parsed.Valid<V> valid
        ? topic.keyOf().apply(valid.message())
        : null;
  }

  private static <M> List<M> only(Class<M> type) {
    return examples.stream()
        .map(Example::message)
        .filter(type::isInstance)
        .map(type::cast)
        .collect(toCollection(ArrayList::new));
  }

  private static Message.Builder builder(Topic<?> topic) {
    try {
      return ((Message) topic.parser().parseFrom(new byte[0])).newBuilderForType();
    } catch (IOException e) {
      throw new IllegalStateException("no bytes are the default of every message", e);
    }
  }

  private static void collectShown(Message message, Set<String> names) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              names.add(field.getFullName());
              if (field.getJavaType() == JavaType.MESSAGE) {
                Collection<?> values = value instanceof Collection<?> many ? many : List.of(value);
                values.forEach(each -> collectShown((Message) each, names));
              }
            });
  }

  private static void collectKnown(Descriptor type, Set<String> names) {
    for (FieldDescriptor field : type.getFields()) {
      boolean ours = type.getFullName().startsWith("saccade.") && !type.getOptions().getMapEntry();
      if (ours && names.add(field.getFullName()) && field.getJavaType() == JavaType.MESSAGE) {
        collectKnown(field.getMessageType(), names);
      }
    }
  }
}
