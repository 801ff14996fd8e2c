package io.saccade.video.isolation;

import io.saccade.video.LiveSink;
import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
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
 * The messages between the follower of a live source and the process that decodes it: one request,
 * then the source's bytes; replies in the other direction. As with {@link DecoderProtocol}, replies
 * are parsed as untrusted bytes. Public for the package {@code live} only.
 */
public final class LiveProtocol {
  /**
   * The first byte of a message with bytes of the source: their number (32 bits) and the bytes
   * follow.
   */
  public static final int DATA = 1;

  /** A message: another container follows, or the same one after a gap. */
  public static final int CUT = 2;

  /** A message: the source has ended. */
  public static final int END = 3;

  private static final int SESSION = 1;
  private static final int FRAME = 2;
  private static final int PROGRESS = 3;
  private static final int STALLED = 4;
  private static final int DONE = 5;
  private static final int FAILED = 6;

  private static final int CHANNELS = 3;

  private LiveProtocol() {}

  /**
   * A request to decode a live source.
   *
   * @param file the source if it is a file; otherwise its bytes follow the request
   * @param speed playback speed, as seconds of video per second; infinite if frames are passed on
   *     as they arrive
   * @param waits whether the source waits for a decoder that cannot keep up; otherwise packets are
   *     dropped
   */
  public record Request(
      Optional<VideoFile> file, double speed, boolean waits, LiveSpec spec, VideoLimits limits) {

    void write(DataOutput out) throws IOException {
      out.writeUTF(file.map(f -> f.root().toString()).orElse(""));
      out.writeUTF(file.map(f -> f.path().toString()).orElse(""));
      out.writeDouble(speed);
      out.writeBoolean(waits);
      out.writeLong(spec.step().toNanos());
      out.writeInt(spec.imageSize());
      out.writeUTF(spec.resize().name());
      out.writeLong(spec.stall().toNanos());
      out.writeLong(spec.connectTimeout().toNanos());
      DecoderProtocol.writeLimits(out, limits);
    }

    /** Reads a request. */
    public static Request read(DataInput in) throws IOException {
      String root = in.readUTF();
      String path = in.readUTF();
      Optional<VideoFile> file =
          path.isEmpty()
              ? Optional.empty()
              : Optional.of(new VideoFile(Path.of(root), Path.of(path)));
      double speed = in.readDouble();
      boolean waits = in.readBoolean();
      LiveSpec spec =
          new LiveSpec(
              Duration.ofNanos(in.readLong()),
              in.readInt(),
              ResizeRule.valueOf(in.readUTF()),
              Duration.ofNanos(in.readLong()),
              Duration.ofNanos(in.readLong()));
      return new Request(file, speed, waits, spec, DecoderProtocol.readLimits(in));
    }
  }

  /** A reply of the decoder; see {@link LiveSink}. */
  public sealed interface Reply {

    /** A session begins. */
    record Session(SourceFacts facts) implements Reply {}

    /** A frame for a tick; it implies {@link Progress}. */
    record Frame(long index, Duration pts, ByteBuffer rgb) implements Reply {}

    /** A frame was decoded that is not for a tick. */
    record Progress(Duration pts) implements Reply {}

    /** No frame came for {@link LiveSpec#stall}. */
    record Stalled() implements Reply {}

    /** The source has ended. */
    record Done() implements Reply {}

    /** The source failed; there are no more frames. */
    record Failed(VideoException failure) implements Reply {}

    /** The decoder process has ended or sent invalid bytes; nothing follows. */
    record Lost() implements Reply {}

    /** Writes the reply; {@link Lost} is never sent. */
    default void write(DataOutput out) throws IOException {
      if (this instanceof Session reply) {
        out.writeByte(SESSION);
        DecoderProtocol.writeFacts(out, reply.facts());
      } else if (this instanceof Frame reply) {
        out.writeByte(FRAME);
        out.writeLong(reply.index());
        out.writeLong(reply.pts().toNanos());
        out.write(reply.rgb().array());
      } else if (this instanceof Progress reply) {
        out.writeByte(PROGRESS);
        out.writeLong(reply.pts().toNanos());
      } else if (this instanceof Stalled) {
        out.writeByte(STALLED);
      } else if (this instanceof Done) {
        out.writeByte(DONE);
      } else if (this instanceof Failed reply) {
        out.writeByte(FAILED);
        DecoderProtocol.writeFailure(out, reply.failure());
      }
    }

    /** Whether this is the last reply. */
    default boolean isLast() {
      return this instanceof Done || this instanceof Failed || this instanceof Lost;
    }

    /**
     * Reads the next reply.
     *
     * @param imageSize the image size of the request, which bounds the reply
     * @throws IOException if the input ends or the bytes are no reply
     */
    static Reply read(DataInput in, int imageSize) throws IOException {
      try {
        return switch (in.readByte()) {
          case SESSION -> new Session(DecoderProtocol.readFacts(in));
          case FRAME -> readFrame(in, imageSize);
          case PROGRESS -> new Progress(readTime(in));
          case STALLED -> new Stalled();
          case DONE -> new Done();
          case FAILED -> new Failed(DecoderProtocol.readFailure(in));
          default -> throw new IOException("not a message of a decoder");
        };
      } catch (IllegalArgumentException e) {
        throw new IOException("not a message of a decoder", e);
      }
    }
  }

  private static Reply readFrame(DataInput in, int imageSize) throws IOException {
    long index = in.readLong();
    if (index < 0) {
      throw new IOException("a frame out of place");
    }
    Duration pts = readTime(in);
    byte[] rgb = new byte[imageSize * imageSize * CHANNELS];
    in.readFully(rgb);
    return new Reply.Frame(index, pts, ByteBuffer.wrap(rgb));
  }

  private static Duration readTime(DataInput in) throws IOException {
    long nanos = in.readLong();
    if (nanos < 0) {
      throw new IOException("a time before the session");
    }
    return Duration.ofNanos(nanos);
  }
}
