package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Parsed;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.Window;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of frames")
final class FrameLogTest {

  private static final TopicPartition FRAMES = new TopicPartition("frames", 0);
  private static final String CLIP = "c".repeat(32);
  private static final int SIZE = 4;

  private final List<FrameTensor> log = new ArrayList<>();
  private final MockConsumer<String, Parsed<FrameTensor>> consumer = new MockConsumer<>("none");
  private final FrameLog frames = new FrameLog("frames", consumer);

  @BeforeEach
  void create() {
    Node node = new Node(1, "localhost", 1);
    Node[] nodes = {node};
    consumer.updatePartitions(
        FRAMES.topic(), List.of(new PartitionInfo(FRAMES.topic(), 0, node, nodes, nodes)));
    consumer.updateBeginningOffsets(Map.of(FRAMES, 0L));
  }

  @AfterEach
  void close() {
    frames.close();
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  @DisplayName("gives all positions in order, each with what is known of it")
  void bothIsEverything() throws FramesExpiredException {
    List<ClipFrame> read = read(clip(8, 4), Pathway.BOTH);

    assertThat(read).extracting(ClipFrame::position).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(read).extracting(ClipFrame::frameIndex).containsExactly(0, 3, 6, 9, 12, 15, 18, 21);
    assertThat(read.get(2).pts()).isEqualTo(Duration.ofMillis(20));
    assertThat(read.get(4).pathway()).isEqualTo(Pathway.BOTH);
    assertThat(read.get(5).pathway()).isEqualTo(Pathway.SLOW);
    assertThat(read).extracting(FrameLogTest::grey).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  @DisplayName("gives the fast pathway exactly its frames")
  void fastIsItsPositions() throws FramesExpiredException {
    List<ClipFrame> read = read(clip(8, 4), Pathway.FAST);

    assertThat(read).extracting(ClipFrame::position).containsExactly(0, 4);
    assertThat(read).extracting(FrameLogTest::grey).containsExactly(0, 4);
  }

  @Test
  @DisplayName("gives each pathway what is its alone and what is both's")
  void pathwaysThatShareNothing() throws FramesExpiredException {
    ClipManifest.Builder clip = clip(3, 1).toBuilder();
    clip.getFramesBuilder(0).setPathway(Pathway.FAST);
    clip.getFramesBuilder(1).setPathway(Pathway.SLOW);
    clip.getFramesBuilder(2).setPathway(Pathway.BOTH);

    assertThat(read(clip.build(), Pathway.FAST))
        .extracting(ClipFrame::position)
        .containsExactly(0, 2);
    assertThat(read(clip.build(), Pathway.SLOW))
        .extracting(ClipFrame::position)
        .containsExactly(1, 2);
  }

  @Test
  @DisplayName("does not need the frames of the other pathway to be there")
  void fastNeedsNoSlowFrames() throws FramesExpiredException {
    ClipManifest clip = clip(8, 4);
    log.set(7, null);

    assertThat(read(clip, Pathway.FAST)).hasSize(2);
    consumer.updateBeginningOffsets(Map.of(FRAMES, 1L));
    assertExpired(clip);
  }

  @Test
  @DisplayName("gives a repeated frame once for each position that asks for it")
  void repeatedFrame() throws FramesExpiredException {
    ClipManifest.Builder clip = clip(2, 1).toBuilder();
    clip.addFrames(
        1, clip.getFrames(0).toBuilder().setPosition(1).setPathway(Pathway.SLOW).build());
    clip.getFramesBuilder(2).setPosition(2);

    List<ClipFrame> read = read(clip.build(), Pathway.SLOW);

    assertThat(read).extracting(ClipFrame::position).containsExactly(0, 1, 2);
    assertThat(read.get(1).rgb()).isSameAs(read.get(0).rgb());
    assertThat(read(clip.build(), Pathway.FAST))
        .extracting(ClipFrame::position)
        .containsExactly(0, 2);
  }

  @Test
  @DisplayName("decodes each record as the record says")
  void mixedEncodings() throws FramesExpiredException {
    ClipManifest clip = clip(3, 1, FrameEncoding.RAW, FrameEncoding.ZSTD, FrameEncoding.jpeg(95));

    assertThat(read(clip, Pathway.BOTH)).extracting(FrameLogTest::grey).containsExactly(0, 1, 2);
    assertThat(read(clip, Pathway.BOTH)).allMatch(frame -> frame.rgb().remaining() == 48);
  }

  @Test
  @DisplayName("refuses bytes that do not decode to what the manifest promises")
  void undecodable() {
    assertThatThrownBy(() -> read(changed(frame -> frame.setEncodingValue(9)), Pathway.BOTH))
        .isInstanceOf(FramesExpiredException.class)
        .hasMessageContainingAll("offset 0", "encoding that is not known here: 9");
    assertExpired(changed(frame -> frame.setEncoding(FrameEncoding.ZSTD.format())));
    assertExpired(changed(frame -> frame.setEncoding(FrameEncoding.jpeg(1).format())));
    assertExpired(changed(frame -> frame.setHeight(5)));
    assertExpired(changed(frame -> frame.setClipId("d".repeat(32))));
    assertExpired(changed(frame -> frame.setFrameIndex(1)));
    assertExpired(changed(frame -> frame.setData(ByteString.copyFromUtf8("x".repeat(48)))));
  }

  @Test
  @DisplayName("knows a window's frames by their session, which windows share")
  void window() throws FramesExpiredException {
    Window ours = Window.newBuilder().setSession(CLIP).build();
    ClipManifest window = clip(2, 1).toBuilder().setClipId("w".repeat(32)).setWindow(ours).build();

    assertThat(read(window, Pathway.BOTH)).hasSize(2);
    assertExpired(window.toBuilder().clearWindow().build());
    assertExpired(
        window.toBuilder()
            .setClipId(CLIP)
            .setWindow(ours.toBuilder().setSession("d".repeat(32)))
            .build());
  }

  @Test
  @DisplayName("allocates nothing for a manifest of monstrous frames")
  void monstrousSize() {
    ClipManifest.Builder clip = clip(1, 1).toBuilder();
    clip.getProfileBuilder().setImageSize(-1);

    assertExpired(clip.build());
  }

  @Test
  @DisplayName("reads nothing of a clip without frames")
  void nothing() throws FramesExpiredException {
    assertThat(frames.read(ClipManifest.getDefaultInstance(), Pathway.BOTH, () -> false)).isEmpty();
  }

  @Test
  @DisplayName("knows no other pathway")
  void noPathway() {
    ClipManifest clip = clip(1, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(clip, Pathway.PATHWAY_UNSPECIFIED))
        .withMessageContaining("FAST, SLOW or BOTH");
  }

  private ClipManifest changed(UnaryOperator<FrameTensor.Builder> change) {
    log.clear();
    ClipManifest clip = clip(1, 1);
    log.set(0, change.apply(log.get(0).toBuilder()).build());
    return clip;
  }

  private void assertExpired(ClipManifest clip) {
    assertThatThrownBy(() -> read(clip, Pathway.BOTH)).isInstanceOf(FramesExpiredException.class);
  }

  private List<ClipFrame> read(ClipManifest clip, Pathway pathway) throws FramesExpiredException {
    consumer.schedulePollTask(this::fetch);
    return frames.read(clip, pathway, () -> false);
  }

  /** What the broker has: frames at the offsets of their places in the list. */
  private void fetch() {
    for (int offset = 0; offset < log.size(); offset++) {
      if (log.get(offset) != null) {
        consumer.addRecord(
            new ConsumerRecord<>(
                FRAMES.topic(), 0, offset, "v", new Parsed.Valid<>(log.get(offset))));
      }
    }
  }

  /** Grey frames, each as bright as its position; every stride-th position is fast too. */
  private ClipManifest clip(int positions, int stride, FrameEncoding... encodings) {
    ClipManifest.Builder clip =
        ClipManifest.newBuilder()
            .setClipId(CLIP)
            .setProfile(SamplingProfile.newBuilder().setImageSize(SIZE));
    for (int i = 0; i < positions; i++) {
      FrameEncoding encoding =
          encodings.length == 0 ? FrameEncoding.RAW : encodings[i % encodings.length];
      FrameTensor frame = frame(3 * i, i, encoding);
      clip.addFrames(
          FrameEntry.newBuilder()
              .setPosition(i)
              .setFrameIndex(3 * i)
              .setPts(Times.proto(Duration.ofMillis(10L * i)))
              .setPathway(i % stride == 0 ? Pathway.BOTH : Pathway.SLOW)
              .setOffset(log.size())
              .setCrc32C(frame.getCrc32C()));
      log.add(frame);
    }
    return clip.build();
  }

  private static FrameTensor frame(int index, int grey, FrameEncoding encoding) {
    ByteBuffer pixels = ByteBuffer.allocate(SIZE * SIZE * 3);
    while (pixels.hasRemaining()) {
      pixels.put((byte) grey);
    }
    ByteString data = encoding.encode(pixels.flip(), SIZE, SIZE);
    return FrameTensor.newBuilder()
        .setClipId(CLIP)
        .setFrameIndex(index)
        .setEncoding(encoding.format())
        .setHeight(SIZE)
        .setWidth(SIZE)
        .setChannels(3)
        .setCrc32C(FrameEncoding.crc32c(data))
        .setData(data)
        .build();
  }

  private static int grey(ClipFrame frame) {
    return frame.rgb().get(0);
  }
}
