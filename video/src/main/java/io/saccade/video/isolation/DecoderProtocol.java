package io.saccade.video.isolation;

import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SamplingPolicy;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The messages between a sampler and its decoder process. The decoder may have been compromised by
 * the video that it decodes, so its replies are parsed as untrusted bytes. See decision 34 in
 * {@code docs/decisions.md}.
 */
final class DecoderProtocol {
  /** The first byte of a message to the decoder; a request follows. */
  static final int SAMPLE = 1;

  /** A message to the decoder: cancel the request in progress. */
  static final int CANCEL = 2;

  private static final int FRAME = 1;
  private static final int RESTART = 2;
  private static final int PROGRESS = 3;
  private static final int DONE = 4;
  private static final int FAILED = 5;

  private static final int CHANNELS = 3;

  /** Longest message of a failure in characters; messages go into answers to users. */
  private static final int MAX_MESSAGE = 1000;

  private DecoderProtocol() {}

  /** A request to sample a file. */
  record Request(VideoFile file, SampleSpec spec, VideoLimits limits) {

    void write(DataOutput out) throws IOException {
      out.writeUTF(file.root().toString());
      out.writeUTF(file.path().toString());
      out.writeInt(spec.frames());
      out.writeInt(spec.imageSize());
      out.writeUTF(spec.resize().name());
      out.writeUTF(spec.policy().toString());
      writeOptional(out, spec.from());
      writeOptional(out, spec.to());
      writeLimits(out, limits);
    }

    static Request read(DataInput in) throws IOException {
      VideoFile file = new VideoFile(Path.of(in.readUTF()), Path.of(in.readUTF()));
      SampleSpec spec =
          new SampleSpec(
              in.readInt(),
              in.readInt(),
              ResizeRule.valueOf(in.readUTF()),
              SamplingPolicy.parse(in.readUTF()),
              readOptional(in),
              readOptional(in));
      return new Request(file, spec, readLimits(in));
    }
  }

  /** A reply of the decoder, during or after a sampling. */
  sealed interface Reply {

    /** A frame of the sample. */
    record Frame(SampledFrame frame) implements Reply {}

    /** All frames sent so far are invalid. */
    record Restart() implements Reply {}

    /** The progress of the sampling, 0 to 1. */
    record Progress(double share) implements Reply {}

    /** The sample is complete. */
    record Done(SourceFacts facts) implements Reply {}

    /** The sampling failed. */
    record Failed(VideoException failure) implements Reply {}

    /** The decoder process has ended or sent invalid bytes; nothing follows. */
    record Lost() implements Reply {}

    /** Writes the reply; {@link Lost} is never sent. */
    default void write(DataOutput out) throws IOException {
      if (this instanceof Frame reply) {
        writeFrame(out, reply.frame());
      } else if (this instanceof Restart) {
        out.writeByte(RESTART);
      } else if (this instanceof Progress reply) {
        out.writeByte(PROGRESS);
        out.writeDouble(reply.share());
      } else if (this instanceof Done reply) {
        out.writeByte(DONE);
        writeFacts(out, reply.facts());
      } else if (this instanceof Failed reply) {
        out.writeByte(FAILED);
        writeFailure(out, reply.failure());
      }
    }

    /**
     * Reads the next reply.
     *
     * @param spec the spec of the request, which bounds the reply
     * @throws IOException if the input ends or the bytes are no reply to that request
     */
    static Reply read(DataInput in, SampleSpec spec) throws IOException {
      try {
        return switch (in.readByte()) {
          case FRAME -> new Frame(readFrame(in, spec));
          case RESTART -> new Restart();
          case PROGRESS -> new Progress(in.readDouble());
          case DONE -> new Done(readFacts(in));
          case FAILED -> new Failed(readFailure(in));
          default -> throw new IOException("not a message of a decoder");
        };
      } catch (IllegalArgumentException e) {
        throw new IOException("not a message of a decoder", e);
      }
    }
  }

  private static void writeFrame(DataOutput out, SampledFrame frame) throws IOException {
    out.writeByte(FRAME);
    out.writeInt(frame.firstPosition());
    out.writeInt(frame.positions());
    out.writeInt(frame.frameIndex());
    out.writeLong(frame.pts().toNanos());
    out.write(frame.rgb().array());
  }

  private static SampledFrame readFrame(DataInput in, SampleSpec spec) throws IOException {
    int first = in.readInt();
    int positions = in.readInt();
    int index = in.readInt();
    if (first < 0 || positions < 1 || positions > spec.frames() - first || index < 0) {
      throw new IOException("a frame out of place");
    }
    Duration pts = Duration.ofNanos(in.readLong());
    int size = spec.imageSize();
    byte[] rgb = new byte[size * size * CHANNELS];
    in.readFully(rgb);
    return new SampledFrame(first, positions, index, pts, size, size, ByteBuffer.wrap(rgb));
  }

  static void writeLimits(DataOutput out, VideoLimits limits) throws IOException {
    out.writeLong(limits.maxFileBytes());
    out.writeLong(limits.maxPixels());
    out.writeInt(limits.maxStreams());
    out.writeLong(limits.maxPackets());
    out.writeLong(limits.maxDuration().toMillis());
    out.writeLong(limits.maxMemoryBytes());
    out.writeLong(limits.maxTime().toMillis());
    out.writeInt(limits.decoderThreads());
  }

  static VideoLimits readLimits(DataInput in) throws IOException {
    return new VideoLimits(
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        Duration.ofMillis(in.readLong()),
        in.readLong(),
        Duration.ofMillis(in.readLong()),
        in.readInt());
  }

  static void writeFacts(DataOutput out, SourceFacts facts) throws IOException {
    out.writeUTF(facts.container());
    out.writeUTF(facts.codec());
    out.writeInt(facts.codedWidth());
    out.writeInt(facts.codedHeight());
    out.writeInt(facts.displayWidth());
    out.writeInt(facts.displayHeight());
    out.writeInt(facts.rotationDegrees());
    out.writeBoolean(facts.mirrored());
    out.writeInt(facts.frameCount());
    out.writeInt(facts.keyFrames());
    out.writeDouble(facts.averageFrameRate());
    out.writeLong(facts.duration().toNanos());
    out.writeLong(facts.firstPts().toNanos());
    out.writeLong(facts.lastPts().toNanos());
    out.writeLong(facts.decodeTime().toNanos());
    out.writeLong(facts.resizeTime().toNanos());
  }

  static SourceFacts readFacts(DataInput in) throws IOException {
    return new SourceFacts(
        in.readUTF(),
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readBoolean(),
        in.readInt(),
        in.readInt(),
        in.readDouble(),
        Duration.ofNanos(in.readLong()),
        Duration.ofNanos(in.readLong()),
        Duration.ofNanos(in.readLong()),
        Duration.ofNanos(in.readLong()),
        Duration.ofNanos(in.readLong()));
  }

  static void writeFailure(DataOutput out, VideoException failure) throws IOException {
    out.writeUTF(failure.category().name());
    out.writeUTF(failure.getMessage());
    out.writeInt(failure.decodedFrames());
    out.writeBoolean(failure.isPassing());
  }

  static VideoException readFailure(DataInput in) throws IOException {
    Category category = Category.valueOf(in.readUTF());
    String message = in.readUTF();
    if (message.length() > MAX_MESSAGE) {
      throw new IOException("a message of %d characters".formatted(message.length()));
    }
    int decodedFrames = Math.max(in.readInt(), 0);
    return new VideoException(category, message, decodedFrames, in.readBoolean(), null);
  }

  private static void writeOptional(DataOutput out, Optional<Duration> time) throws IOException {
    out.writeBoolean(time.isPresent());
    Duration value = time.orElse(Duration.ZERO);
    out.writeLong(value.getSeconds());
    out.writeInt(value.getNano());
  }

  private static Optional<Duration> readOptional(DataInput in) throws IOException {
    boolean present = in.readBoolean();
    Duration value = Duration.ofSeconds(in.readLong(), in.readInt());
    return present ? Optional.of(value) : Optional.empty();
  }
}
