package io.saccade.sampler;

import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.sampler.record.Pathways;
import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes a clip's frames as they are decoded and remembers where they went. One clip, one
 * thread.
 *
 * <p>The frames in flight are bounded by the producer's {@code buffer.memory}: a full buffer blocks
 * the decoder.
 */
final class ClipPublisher implements FrameSink {

  private final SamplingRequest request;
  private final FrameEncoding encoding;
  private final BiFunction<String, FrameTensor, CompletableFuture<RecordMetadata>> send;

  /** Present where the policy tells the number of frames beforehand. */
  private final Optional<Pathways> pathways;

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
   * @param encoding how the pixels are stored
   * @param send writes a frame under a video id to the log and tells where it lies
   */
  ClipPublisher(
      SamplingRequest request,
      FrameEncoding encoding,
      BiFunction<String, FrameTensor, CompletableFuture<RecordMetadata>> send) {
    this.request = request;
    this.encoding = encoding;
    this.send = send;
    SamplingProfile profile = request.getProfile();
    this.pathways =
        profile.getPolicy() == SamplingPolicy.UNIFORM
            ? Optional.of(new Pathways(profile, profile.getFrames()))
            : Optional.empty();
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
    int frames = sent.stream().mapToInt(Sent::positions).sum();
    Pathways given = pathways.orElseGet(() -> new Pathways(request.getProfile(), frames));
    for (Sent frame : sent) {
      RecordMetadata at = frame.acknowledged().join();
      manifest.setPartition(at.partition());
      int first = frame.entry().getPosition();
      for (int position = first; position < first + frame.positions(); position++) {
        manifest.addFrames(
            frame.entry().toBuilder()
                .setPosition(position)
                .setPathway(given.of(position))
                .setOffset(at.offset()));
      }
    }
  }

  private FrameTensor tensor(SampledFrame frame) {
    return encoding
        .tensor(frame.rgb(), frame.height(), frame.width()) // the pixels are ours alone
        .setClipId(request.getClipId())
        .setFrameIndex(frame.frameIndex())
        .setPts(Times.proto(frame.pts()))
        .setPathway(pathway(frame))
        .build();
  }

  /** All that the frame feeds, where the number of frames is known before the last one. */
  private Pathway pathway(SampledFrame frame) {
    return pathways
        .map(known -> known.of(frame.firstPosition(), frame.positions()))
        .orElse(Pathway.PATHWAY_UNSPECIFIED);
  }
}
