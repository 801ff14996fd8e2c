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
 * What goes over the pipes between who follows a live source and the process that decodes it: one
 * request, then the source's bytes; replies the other way. As with {@link DecoderProtocol}, nothing
 * that the decoder says is believed to be well-formed.
 */
public final class LiveProtocol {
  /** After the request: a number of bytes of the source, and the bytes. */
  public static final int DATA = 1;

  /** What follows is another container, or the same one after a gap. */
  public static final int CUT = 2;

  /** The source has ended. */
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
   * What to decode.
   *
   * @param file the source, where it is a file; else its bytes follow
   * @param speed seconds of the source that may pass in a second; infinite if its frames come when
   *     their time has come
   * @param waits whether the source waits for a decoder that cannot keep up; else it must not
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

  /** What the decoder says; see {@link LiveSink}. */
  public sealed interface Reply {

    /** A session begins. */
    record Session(SourceFacts facts) implements Reply {}

    /** A frame at a tick; it counts as progress, too. */
    record Frame(long index, Duration pts, ByteBuffer rgb) implements Reply {}

    /** Another frame was decoded. */
    record Progress(Duration pts) implements Reply {}

    /** No frame came for a while. */
    record Stalled() implements Reply {}

    /** The source has ended. */
    record Done() implements Reply {}

    /** There are no more frames. */
    record Failed(VideoException failure) implements Reply {}

    /** The decoder process has ended or speaks nonsense; nothing follows. */
    record Gone() implements Reply {}

    /** Writes it; {@link Gone} is never said. */
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

    /** Whether nothing follows. */
    default boolean isLast() {
      return this instanceof Done || this instanceof Failed || this instanceof Gone;
    }

    /**
     * Reads the next one.
     *
     * @param imageSize what was asked for, which bounds what may come
     * @throws IOException also if it is no reply
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
