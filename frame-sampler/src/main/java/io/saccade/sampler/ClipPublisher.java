package io.saccade.sampler;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.PixelEncoding;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes a clip's frames as they are decoded and remembers where they went. One clip, one
 * thread.
 *
 * <p>The frames in flight are bounded by the producer's {@code buffer.memory}: a full buffer blocks
 * the decoder.
 */
final class ClipPublisher implements FrameSink {

  private static final int CHANNELS = 3;

  private final SamplingRequest request;
  private final BiFunction<String, FrameTensor, CompletableFuture<RecordMetadata>> send;
  private final Pathways pathways;
  private final List<Sent> sent = new ArrayList<>();

  /**
   * A frame on its way: its entry but for the offset, the positions that it stands at, and its
   * acknowledgement.
   */
  private record Sent(
      FrameEntry entry, int positions, CompletableFuture<RecordMetadata> acknowledged) {}

  /**
   * A publisher of the requested clip.
   *
   * @param send writes a frame under a video id to the log and tells where it lies
   */
  ClipPublisher(
      SamplingRequest request,
      BiFunction<String, FrameTensor, CompletableFuture<RecordMetadata>> send) {
    this.request = request;
    this.send = send;
    this.pathways = new Pathways(request.getProfile());
  }

  @Override
  public void accept(SampledFrame frame) {
    FrameTensor tensor = tensor(frame);
    FrameEntry entry =
        FrameEntry.newBuilder()
            .setPosition(frame.firstPosition())
            .setFrameIndex(frame.frameIndex())
            .setPts(tensor.getPts())
            .setCrc32C(tensor.getCrc32C())
            .build();
    sent.add(new Sent(entry, frame.positions(), send.apply(request.getVideoId(), tensor)));
  }

  /** The frames sent so far are named by no manifest and expire. */
  @Override
  public void restart() {
    sent.clear();
  }

  /**
   * Waits for all acknowledgements and adds the frames to the manifest.
   *
   * @throws java.util.concurrent.CompletionException if a frame was refused
   */
  void awaitInto(ClipManifest.Builder manifest) {
    for (Sent frame : sent) {
      RecordMetadata at = frame.acknowledged().join();
      manifest.setPartition(at.partition());
      int first = frame.entry().getPosition();
      for (int position = first; position < first + frame.positions(); position++) {
        manifest.addFrames(
            frame.entry().toBuilder()
                .setPosition(position)
                .setPathway(pathways.of(position))
                .setOffset(at.offset()));
      }
    }
  }

  private FrameTensor tensor(SampledFrame frame) {
    ByteString data = UnsafeByteOperations.unsafeWrap(frame.rgb()); // ours alone from here on
    return FrameTensor.newBuilder()
        .setClipId(request.getClipId())
        .setFrameIndex(frame.frameIndex())
        .setPts(Times.proto(frame.pts()))
        .setPathway(pathways.of(frame.firstPosition(), frame.positions()))
        .setEncoding(PixelEncoding.RAW_RGB_HWC_UINT8)
        .setHeight(frame.height())
        .setWidth(frame.width())
        .setChannels(CHANNELS)
        .setCrc32C(crc32c(frame.rgb()))
        .setData(data)
        .build();
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
