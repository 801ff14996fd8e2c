package io.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.saccade.bus.ClipFrame;
import io.saccade.bus.FrameLog;
import io.saccade.proto.Parsed;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FinishReason;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.PixelEncoding;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.Usage;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the frames in a log in memory to results, with an engine that answers with what it sees. */
class ClipFramesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TopicPartition FRAMES = new TopicPartition("frames", 1);
  private static final int PIXELS = FakeEngine.SIZE * FakeEngine.SIZE * 3;
  private static final String CLIP = "c".repeat(32);

  private final List<FrameTensor> log = new ArrayList<>();
  private final MockConsumer<String, Parsed<FrameTensor>> consumer = new MockConsumer<>("none");
  private final FakeEngine engine = new FakeEngine();
  private final Metrics metrics = Telemetry.none().metrics(MetricScope.WORKER);
  private final FrameLog frames = new FrameLog("frames", consumer);
  private final Batcher batcher =
      new Batcher(
          engine,
          new ClipCache(1000, metrics),
          new ClipReader(
              (clip, cancelled) ->
                  frames.read(clip, Pathway.BOTH, cancelled).stream().map(ClipFrame::rgb).toList(),
              Runnable::run,
              metrics),
          new Results("worker-1"),
          metrics,
          8,
          1 << 20,
          Clock.fixed(NOW, ZoneOffset.UTC));

  @BeforeEach
  void create() {
    Node node = new Node(1, "localhost", 1);
    Node[] nodes = {node};
    consumer.updatePartitions(
        FRAMES.topic(),
        List.of(
            new PartitionInfo(FRAMES.topic(), 0, node, nodes, nodes),
            new PartitionInfo(FRAMES.topic(), 1, node, nodes, nodes)));
  }

  @AfterEach
  void close() {
    batcher.close();
    frames.close();
    assertThat(engine.allClosed()).isTrue();
  }

  @Test
  void aResultHasTextUsageTimingsAndItsRequestsNames() {
    ClipManifest clip = clip(frame(0, 10), frame(1, 20));
    Result result = answer(clip, "seen? ");

    assertThat(result.getText()).isEqualTo("seen? [10, 20]");
    assertThat(result.getFinishReason()).isEqualTo(FinishReason.STOP);
    assertThat(result.getQuestionId()).isEqualTo("q");
    assertThat(result.getVideoId()).isEqualTo("v");
    assertThat(result.getClipId()).isEqualTo(CLIP);
    assertThat(result.getAttempt()).isEqualTo(2);
    assertThat(result.getWorker()).isEqualTo("worker-1");
    assertThat(result.getUsage())
        .isEqualTo(
            Usage.newBuilder()
                .setPromptTokens(7)
                .setFastTokens(8)
                .setSlowTokens(9)
                .setGeneratedTokens(14)
                .build());
    assertThat(Times.java(result.getTimings().getQueue()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(5));
    assertThat(Times.java(result.getTimings().getPrefill())).isEqualTo(Duration.ofMillis(3));
    assertThat(Times.java(result.getTimings().getDecode())).isEqualTo(Duration.ofMillis(4));
    assertThat(result.getTimings().hasTransport() && result.getTimings().hasVision()).isTrue();
  }

  @Test
  void theSecondQuestionOnAClipReadsNoFrames() {
    ClipManifest clip = clip(frame(0, 10));
    answer(clip, "first");
    log.clear();
    Result second = answer(clip, "second ");

    assertThat(second.getText()).isEqualTo("second [10]");
    assertThat(second.getUsage().getClipCached()).isTrue();
    assertThat(engine.looks).hasSize(1);
    assertThat(Times.java(second.getTimings().getTransport())).isZero();
    assertThat(Times.java(second.getTimings().getVision())).isZero();
  }

  @Test
  void positionsThatRepeatAFrameShareItsRecord() {
    ClipManifest once = clip(frame(0, 10), frame(1, 20));
    ClipManifest clip =
        once.toBuilder()
            .addFrames(1, once.getFrames(0).toBuilder().setPosition(1))
            .setFrames(2, once.getFrames(1).toBuilder().setPosition(2))
            .build();

    assertThat(answer(clip, "").getText()).isEqualTo("[10, 10, 20]");
  }

  @Test
  void otherClipsFramesInBetweenArePassedOver() {
    FrameTensor foreign = frame(0, 99).toBuilder().setClipId("d".repeat(32)).build();
    ClipManifest clip = clip(frame(0, 10), foreign, frame(1, 20));

    ClipManifest named =
        clip.toBuilder()
            .removeFrames(1)
            .setFrames(1, clip.getFrames(2).toBuilder().setPosition(1))
            .build();
    assertThat(answer(named, "").getText()).isEqualTo("[10, 20]");
  }

  @Test
  void framesThatTheLogNoLongerHoldsHandTheRequestBack() {
    ClipManifest clip = clip(frame(0, 10), frame(1, 20));
    consumer.updateBeginningOffsets(Map.of(FRAMES, 1L));
    log.set(0, null);

    assertThat(failure(clip)).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void aHoleInTheMiddleHandsTheRequestBack() {
    ClipManifest clip = clip(frame(0, 10), frame(1, 20), frame(2, 30));
    log.set(1, null);

    assertThat(failure(clip)).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void aPartitionThatIsNotThereHandsTheRequestBack() {
    ClipManifest clip = clip(frame(0, 10)).toBuilder().setPartition(7).build();

    assertThat(failure(clip)).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void anotherClipsFrameHandsTheRequestBack() {
    assertThat(failureOf(frame -> frame.setClipId("d".repeat(32))))
        .isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void anotherFrameOfTheClipHandsTheRequestBack() {
    assertThat(failureOf(frame -> frame.setFrameIndex(5))).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void otherPixelsHandTheRequestBack() {
    assertThat(failureOf(frame -> frame.setData(pixels(11)))).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void anotherSizeHandsTheRequestBack() {
    assertThat(failureOf(frame -> frame.setData(pixels(10).substring(1))))
        .isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void anotherEncodingHandsTheRequestBack() {
    assertThat(failureOf(frame -> frame.setEncodingValue(9))).isEqualTo(FailureCode.FRAMES_EXPIRED);
  }

  @Test
  void aManifestWithoutFramesIsAFailureAndNoCrash() {
    assertThat(failure(ClipManifest.newBuilder().setClipId(CLIP).setPartition(1).build()))
        .isEqualTo(FailureCode.INFERENCE_FAILED);
  }

  @Test
  void aClipOfAnotherImageSizeIsAFailureThatSaysWhatHappened() {
    ClipManifest.Builder clip = clip(frame(0, 10)).toBuilder();
    clip.getProfileBuilder().setImageSize(3);

    Result result = answer(clip.build(), "");
    assertThat(result.getFailure().getCode()).isEqualTo(FailureCode.INFERENCE_FAILED);
    assertThat(result.getFailure().getMessage()).contains("3 pixels", "sees 2");
    assertThat(engine.looks).isEmpty();
  }

  private FailureCode failureOf(UnaryOperator<FrameTensor.Builder> change) {
    ClipManifest clip = clip(frame(0, 10));
    log.set(0, change.apply(log.get(0).toBuilder()).build());
    return failure(clip);
  }

  private FailureCode failure(ClipManifest clip) {
    Result result = answer(clip, "");
    assertThat(result.getText()).isEmpty();
    return result.getFailure().getCode();
  }

  private Result answer(ClipManifest clip, String text) {
    consumer.schedulePollTask(this::fetch);
    Asked reply = new Asked();
    batcher.submit(request(clip, text), Duration.ofMillis(5), reply);
    while (batcher.turn()) {}
    return reply.result();
  }

  private static InferenceRequest request(ClipManifest clip, String text) {
    return InferenceRequest.newBuilder()
        .setQuestion(
            Question.newBuilder().setQuestionId("q").setVideoId("v").setModel("fake").setText(text))
        .setClip(clip)
        .setAttempt(2)
        .build();
  }

  /** What the broker has: frames at the offsets of their places in the list. */
  private void fetch() {
    for (int offset = 0; offset < log.size(); offset++) {
      if (log.get(offset) != null) {
        consumer.addRecord(
            new ConsumerRecord<>(
                FRAMES.topic(),
                FRAMES.partition(),
                offset,
                "v",
                new Parsed.Valid<>(log.get(offset))));
      }
    }
  }

  /** Writes frames to the log and names them. */
  private ClipManifest clip(FrameTensor... frames) {
    consumer.updateBeginningOffsets(Map.of(FRAMES, 0L));
    ClipManifest.Builder clip =
        ClipManifest.newBuilder()
            .setClipId(CLIP)
            .setPartition(FRAMES.partition())
            .setProfile(SamplingProfile.newBuilder().setImageSize(FakeEngine.SIZE));
    for (FrameTensor frame : frames) {
      clip.addFrames(
          FrameEntry.newBuilder()
              .setPosition(clip.getFramesCount())
              .setFrameIndex(frame.getFrameIndex())
              .setCrc32C(frame.getCrc32C())
              .setOffset(log.size()));
      log.add(frame);
    }
    return clip.build();
  }

  private static FrameTensor frame(int index, int grey) {
    ByteString pixels = pixels(grey);
    CRC32C crc = new CRC32C();
    crc.update(pixels.asReadOnlyByteBuffer());
    return FrameTensor.newBuilder()
        .setClipId(CLIP)
        .setFrameIndex(index)
        .setHeight(FakeEngine.SIZE)
        .setWidth(FakeEngine.SIZE)
        .setChannels(3)
        .setEncoding(PixelEncoding.RAW_RGB_HWC_UINT8)
        .setCrc32C((int) crc.getValue())
        .setData(pixels)
        .build();
  }

  private static ByteString pixels(int grey) {
    byte[] pixels = new byte[PIXELS];
    Arrays.fill(pixels, (byte) grey);
    return ByteString.copyFrom(pixels);
  }
}
