package io.saccade.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.FrameEncoding;
import io.saccade.proto.FrameFormatException;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.PixelEncoding;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.video.SampledFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class ClipPublisherTest {

  private static final int PARTITION = 3;
  private static final int SIZE = 16;

  /** Frames sent so far; each lies at 100 and its place in this list. */
  private final List<FrameTensor> log = new ArrayList<>();

  private final List<String> keys = new ArrayList<>();

  private final ClipPublisher publisher =
      new ClipPublisher(request(), FrameEncoding.RAW, this::send);

  @Test
  void aFrameIsOneRecordWithEverythingThatIsKnownOfIt() {
    publisher.accept(frame(2, 1, 7, 5));

    assertThat(keys).containsExactly("video");
    FrameTensor frame = log.get(0);
    assertThat(frame.getClipId()).isEqualTo("clip");
    assertThat(frame.getFrameIndex()).isEqualTo(7);
    assertThat(Times.java(frame.getPts())).isEqualTo(Duration.ofMillis(700));
    assertThat(frame.getEncoding()).isEqualTo(PixelEncoding.RAW_RGB_HWC_UINT8);
    assertThat(List.of(frame.getHeight(), frame.getWidth(), frame.getChannels()))
        .containsExactly(SIZE, SIZE, 3);
    assertThat(frame.getData().toByteArray()).isEqualTo(pixels(5));
    assertThat(frame.getCrc32C()).isEqualTo(crc32c(pixels(5)));
  }

  @Test
  void aRepeatedFrameIsOneRecordAndSeveralEntries() {
    publisher.accept(frame(0, 3, 0, 1));
    publisher.accept(frame(3, 1, 1, 2));

    ClipManifest manifest = manifest();

    assertThat(log).hasSize(2);
    assertThat(manifest.getPartition()).isEqualTo(PARTITION);
    assertThat(manifest.getFramesList()).extracting(FrameEntry::getPosition).isEqualTo(upTo(4));
    assertThat(manifest.getFramesList())
        .extracting(FrameEntry::getOffset)
        .containsExactly(100L, 100L, 100L, 101L);
    assertThat(manifest.getFramesList())
        .extracting(FrameEntry::getFrameIndex)
        .containsExactly(0, 0, 0, 1);
    assertThat(manifest.getFrames(2).getCrc32C()).isEqualTo(crc32c(pixels(1)));
  }

  @Test
  void eachPositionHasItsPathwayAndTheRecordHasThemAll() {
    publisher.accept(frame(0, 2, 0, 1)); // positions 0, which is fast, and 1
    publisher.accept(frame(2, 1, 1, 2)); // fast
    publisher.accept(frame(3, 1, 2, 3));

    assertThat(log)
        .extracting(FrameTensor::getPathway)
        .containsExactly(Pathway.BOTH, Pathway.BOTH, Pathway.SLOW);
    assertThat(manifest().getFramesList())
        .extracting(FrameEntry::getPathway)
        .containsExactly(Pathway.BOTH, Pathway.SLOW, Pathway.BOTH, Pathway.SLOW);
  }

  @Test
  void aClipWithFewerFramesThanTheProfileHasThePathwaysOfItsOwnNumber() {
    SamplingRequest.Builder byRate = request().toBuilder();
    byRate.getProfileBuilder().setFrames(8).setPolicy(SamplingPolicy.FPS).setRate(2);
    ClipPublisher short3 = new ClipPublisher(byRate.build(), FrameEncoding.RAW, this::send);
    for (int i = 0; i < 3; i++) {
      short3.accept(frame(i, 1, i, i));
    }
    ClipManifest.Builder manifest = ClipManifest.newBuilder();
    short3.awaitInto(manifest);

    assertThat(manifest.getFramesList())
        .as("k = max(3 / 2, 1) at int(i * 3 / k)")
        .extracting(FrameEntry::getPathway)
        .containsExactly(Pathway.BOTH, Pathway.SLOW, Pathway.SLOW);
    assertThat(log)
        .as("sent before the number was known")
        .extracting(FrameTensor::getPathway)
        .containsOnly(Pathway.PATHWAY_UNSPECIFIED);
  }

  @Test
  void anEncodedFrameSaysSoAndItsChecksumIsOfWhatIsStored() throws FrameFormatException {
    new ClipPublisher(request(), FrameEncoding.ZSTD, this::send).accept(frame(0, 1, 0, 9));

    FrameTensor frame = log.get(0);
    assertThat(frame.getEncoding()).isEqualTo(PixelEncoding.ZSTD_RGB_HWC_UINT8);
    assertThat(frame.getCrc32C()).isEqualTo(crc32c(frame.getData().toByteArray()));
    assertThat(FrameEncoding.decode(frame, SIZE)).isEqualTo(ByteBuffer.wrap(pixels(9)));
  }

  @Test
  void aRestartForgetsWhatWasSent() {
    publisher.accept(frame(0, 1, 0, 1));
    publisher.accept(frame(1, 1, 1, 2));
    publisher.restart();
    publisher.accept(frame(0, 1, 4, 3));

    assertThat(manifest().getFramesList()).extracting(FrameEntry::getOffset).containsExactly(102L);
    assertThat(log).hasSize(3);
  }

  @Test
  void aRefusedFrameIsTold() {
    ClipPublisher refused =
        new ClipPublisher(
            request(),
            FrameEncoding.RAW,
            (video, frame) ->
                CompletableFuture.failedFuture(new RecordTooLargeException("too large")));
    refused.accept(frame(0, 1, 0, 1));

    assertThatThrownBy(() -> refused.awaitInto(ClipManifest.newBuilder()))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RecordTooLargeException.class);
  }

  private ClipManifest manifest() {
    ClipManifest.Builder manifest = ClipManifest.newBuilder();
    publisher.awaitInto(manifest);
    return manifest.build();
  }

  private CompletableFuture<RecordMetadata> send(String videoId, FrameTensor frame) {
    long offset = 100L + log.size();
    log.add(frame);
    keys.add(videoId);
    return CompletableFuture.completedFuture(
        new RecordMetadata(new TopicPartition("frames", PARTITION), offset, 0, 0, 0, 0));
  }

  private static SamplingRequest request() {
    return SamplingRequest.newBuilder()
        .setClipId("clip")
        .setVideoId("video")
        .setProfile(
            SamplingProfile.newBuilder()
                .setFrames(4)
                .setImageSize(SIZE)
                .setPolicy(SamplingPolicy.UNIFORM)
                .setFastStride(2)
                .setMinFastFrames(1))
        .build();
  }

  private static SampledFrame frame(int first, int positions, int index, int grey) {
    return new SampledFrame(
        first,
        positions,
        index,
        Duration.ofMillis(100L * index),
        SIZE,
        SIZE,
        ByteBuffer.wrap(pixels(grey)));
  }

  private static byte[] pixels(int grey) {
    byte[] pixels = new byte[SIZE * SIZE * 3];
    Arrays.fill(pixels, (byte) grey);
    return pixels;
  }

  private static int crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }
}
