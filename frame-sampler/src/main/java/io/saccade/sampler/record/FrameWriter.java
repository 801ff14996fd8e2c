package io.saccade.sampler.record;

import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.video.LiveFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes the frames of feeds to the log, as many at a time as the budget allows. Thread-safe. */
public final class FrameWriter {

  private final FrameEncoding encoding;
  private final ByteBudget budget;
  private final RecordSender bus;

  /** Writes frames in this encoding. */
  public FrameWriter(FrameEncoding encoding, ByteBudget budget, RecordSender bus) {
    this.encoding = encoding;
    this.budget = budget;
    this.bus = bus;
  }

  /**
   * Sends a frame without waiting for anything.
   *
   * @param slot of the session that it stands for
   * @return empty if too many bytes are under way already
   */
  public Optional<SentFrame> write(String videoId, String session, long slot, LiveFrame frame) {
    FrameTensor tensor = tensor(session, frame);
    int bytes = tensor.getData().size();
    if (!budget.take(bytes)) {
      return Optional.empty();
    }
    CompletableFuture<RecordMetadata> sent = bus.send(Topics.FRAMES, videoId, tensor);
    var unused = sent.whenComplete((at, failure) -> budget.give(bytes));
    FrameEntry entry =
        FrameEntry.newBuilder()
            .setFrameIndex(tensor.getFrameIndex())
            .setPts(tensor.getPts())
            .setCrc32C(tensor.getCrc32C())
            .build();
    return Optional.of(new SentFrame(slot, frame.pts().toNanos(), frame.received(), entry, sent));
  }

  private FrameTensor tensor(String session, LiveFrame frame) {
    return encoding
        .tensor(frame.rgb(), frame.height(), frame.width())
        .setClipId(session)
        .setFrameIndex((int) frame.index())
        .setPts(Times.proto(frame.pts()))
        .build();
  }
}
