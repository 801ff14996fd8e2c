package io.saccade.bench.scale;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.UnsafeByteOperations;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.cli.local.Lifecycle;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.PixelEncoding;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.worker.SimulatedEngine;
import java.time.Duration;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Asks workers directly, past router and sampler: all requests are about one clip. */
final class ScaleRequests {

  private static final String CLIP = "0123456789abcdef0123456789abcdef";

  private final ContractProducer producer;
  private final ClipManifest clip;

  /**
   * Writes the clip's frames.
   *
   * @param lifecycle takes over the producer
   */
  ScaleRequests(Lifecycle lifecycle, BusConfig bus) {
    this.producer = lifecycle.add(new ContractProducer(bus));
    this.clip = clip();
  }

  /** Asks a question of a video; the key decides the partition. */
  void ask(String video, String id) {
    Question question =
        Question.newBuilder()
            .setQuestionId(id)
            .setVideoId(video)
            .setModel(SimulatedEngine.NAME)
            .setText("what is to be seen?")
            .build();
    InferenceRequest request =
        InferenceRequest.newBuilder()
            .setQuestion(question)
            .setClip(clip.toBuilder().setVideoId(video))
            .setAttempt(1)
            .build();
    var unused = producer.send(Topics.INFERENCE_REQUESTS, video, request);
  }

  private ClipManifest clip() {
    SamplingProfile profile =
        new SimulatedEngine(SimulatedEngine.NAME, Duration.ZERO).card().getProfile();
    ClipManifest.Builder manifest =
        ClipManifest.newBuilder().setClipId(CLIP).setAttempt(1).setProfile(profile);
    for (int i = 0; i < profile.getFrames(); i++) {
      FrameTensor frame = frame(i, profile.getImageSize());
      RecordMetadata at = producer.send(Topics.FRAMES, CLIP, frame).join();
      manifest
          .setPartition(at.partition())
          .addFrames(
              FrameEntry.newBuilder()
                  .setPosition(i)
                  .setFrameIndex(i)
                  .setPts(frame.getPts())
                  .setPathway(Pathway.BOTH)
                  .setOffset(at.offset())
                  .setCrc32C(frame.getCrc32C()));
    }
    return manifest.build();
  }

  private static FrameTensor frame(int index, int size) {
    byte[] pixels =
        ("frame " + index).repeat(3 * size * size).substring(0, 3 * size * size).getBytes(UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(pixels);
    return FrameTensor.newBuilder()
        .setClipId(CLIP)
        .setFrameIndex(index)
        .setPts(Times.proto(Duration.ofSeconds(index)))
        .setPathway(Pathway.BOTH)
        .setEncoding(PixelEncoding.RAW_RGB_HWC_UINT8)
        .setHeight(size)
        .setWidth(size)
        .setChannels(3)
        .setCrc32C((int) crc.getValue())
        .setData(UnsafeByteOperations.unsafeWrap(pixels))
        .build();
  }
}
