package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.access.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A Java channel, of a file or of an endless stream, as an input of FFmpeg (a custom {@code
 * AVIOContext}). So FFmpeg opens no file and no connection itself and never receives a name. Owns
 * the channel and the native context; used by one thread. See decision 10 in {@code
 * docs/decisions.md}.
 *
 * <p>How it works: FFmpeg calls back to read and to seek. JavaCPP can hold only a few native
 * function pointers, so one set of callbacks serves all inputs, and FFmpeg's opaque pointer carries
 * the number of the input.
 */
final class ChannelInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;
  private static final int SEEK_FORCE = 0x20000;

  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final ConcurrentMap<Long, ChannelInput> OPEN = new ConcurrentHashMap<>();
  private static final ReadCallback READ = new ReadCallback();
  private static final SeekCallback SEEK = new SeekCallback();
  private static final InterruptCallback INTERRUPT = new InterruptCallback();

  private final ReadableByteChannel channel;
  private final WorkBudget budget;
  private final Handle handle = new Handle(NUMBERS.incrementAndGet());
  private final AVIOContext context;
  private final long size;
  private long position;
  private @Nullable IOException failure;

  private ChannelInput(ReadableByteChannel channel, long size, WorkBudget budget) {
    this.channel = channel;
    this.size = size;
    this.budget = budget;
    // FFmpeg may replace the buffer, so it has to come from FFmpeg's allocator.
    BytePointer buffer = new BytePointer(Ffmpeg.allocated(av_malloc(BUFFER_BYTES)));
    SeekCallback seek = channel instanceof SeekableByteChannel ? SEEK : null;
    this.context =
        Ffmpeg.allocated(avio_alloc_context(buffer, BUFFER_BYTES, 0, handle, READ, null, seek));
    OPEN.put(handle.address(), this);
  }

  /** Opens a regular file within the limits; the caller closes the result. */
  static ChannelInput open(VideoFile video, VideoLimits limits, WorkBudget budget)
      throws VideoException {
    SeekableByteChannel channel = openChannel(video);
    try {
      long size = channel.size();
      if (size == 0) {
        throw new VideoException(Category.UNREADABLE, "the file is empty");
      }
      limits.requireFileBytes(size);
      return new ChannelInput(channel, size, budget);
    } catch (IOException e) {
      close(channel);
      throw cannotOpen(e);
    } catch (VideoException | RuntimeException | Error e) {
      close(channel);
      throw e;
    }
  }

  /**
   * An input from a stream of unknown length, read from its current position; the caller closes the
   * result.
   *
   * @param stream a blocking channel
   */
  static ChannelInput stream(ReadableByteChannel stream, WorkBudget budget) {
    return new ChannelInput(stream, Long.MAX_VALUE, budget);
  }

  private static SeekableByteChannel openChannel(VideoFile video) throws VideoException {
    try {
      return RegularFile.open(video);
    } catch (NoSuchFileException e) {
      throw new VideoException(Category.UNREADABLE, "no such file", 0, e);
    } catch (IOException e) {
      throw cannotOpen(e);
    }
  }

  private static VideoException cannotOpen(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return new VideoException(
          Category.UNREADABLE, "the file cannot be opened; check its permissions", 0, cause);
    }
    return VideoException.passing(
        Category.UNREADABLE, "the file cannot be opened; check the disk that it is on", cause);
  }

  private static void close(ReadableByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // the channel was only read, so nothing is lost
    }
  }

  /** FFmpeg's context of this input; valid until this input is closed. */
  AVIOContext context() {
    return context;
  }

  /**
   * Returns the first bytes of a file, at most {@code count}, or none of a stream; does not change
   * the position that FFmpeg reads from.
   */
  byte[] head(int count) throws IOException {
    if (!(channel instanceof SeekableByteChannel file)) {
      return new byte[0];
    }
    ByteBuffer buffer = ByteBuffer.allocate(count);
    long before = file.position();
    file.position(0);
    while (buffer.hasRemaining() && file.read(buffer) >= 0) {}
    file.position(before);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** Makes FFmpeg check the budget in its own long loops. */
  void installInterrupt(AVFormatContext format) {
    AVIOInterruptCB callback = format.interrupt_callback();
    callback.callback(INTERRUPT).opaque(handle);
  }

  /** The share of the file's bytes before the current position, 0 to 1; about 0 for a stream. */
  double share() {
    return Math.min((double) position / size, 1);
  }

  /** The first error of the channel, which FFmpeg reports only as "input/output error". */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    OPEN.remove(handle.address());
    av_free(context.buffer());
    avio_context_free(context);
    close(channel);
  }

  private int read(BytePointer target, int size) {
    if (budget.spent()) {
      return AVERROR_EXIT;
    }
    try {
      int count = channel.read(target.capacity(size).asByteBuffer());
      position += Math.max(count, 0);
      return count <= 0 ? AVERROR_EOF : count;
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      return AVERROR_EIO();
    }
  }

  private long seek(long offset, int whence) {
    try {
      SeekableByteChannel file = (SeekableByteChannel) channel;
      return switch (whence & ~SEEK_FORCE) {
        case AVSEEK_SIZE -> file.size();
        case SEEK_SET -> moveTo(file, offset);
        case SEEK_CUR -> moveTo(file, file.position() + offset);
        case SEEK_END -> moveTo(file, file.size() + offset);
        default -> AVERROR_EIO();
      };
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      return AVERROR_EIO();
    }
  }

  private long moveTo(SeekableByteChannel file, long target) throws IOException {
    if (target < 0) {
      return AVERROR_EIO();
    }
    file.position(target);
    position = target;
    return target;
  }

  /** The input that FFmpeg's opaque pointer identifies. */
  private static ChannelInput of(Pointer opaque) {
    return Objects.requireNonNull(OPEN.get(opaque.address()), "the input is closed");
  }

  /** A number as a pointer, which is never dereferenced. */
  private static final class Handle extends Pointer {
    Handle(long number) {
      this.address = number;
    }
  }

  // An exception that reached native frames would abort the process.
  private static final class ReadCallback extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer target, int size) {
      try {
        return of(opaque).read(target, size);
      } catch (RuntimeException | Error e) {
        return AVERROR_EIO();
      }
    }
  }

  private static final class SeekCallback extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      try {
        return of(opaque).seek(offset, whence);
      } catch (RuntimeException | Error e) {
        return AVERROR_EIO();
      }
    }
  }

  private static final class InterruptCallback extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      try {
        return of(opaque).budget.spent() ? 1 : 0;
      } catch (RuntimeException | Error e) {
        return 1;
      }
    }
  }
}
