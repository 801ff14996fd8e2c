package io.saccade.video.isolation;

import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;
import io.saccade.video.Sampler;
import io.saccade.video.VideoException;
import io.saccade.video.VideoLimits;
import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.isolation.DecoderProtocol.Reply;
import io.saccade.video.isolation.DecoderProtocol.Request;
import io.saccade.video.sampling.VideoSampler;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child process of an {@link IsolatedSampler}: reads requests from its standard input, one at a
 * time, writes replies to its standard output, and ends with its input. See decision 34 in {@code
 * docs/decisions.md}.
 */
public final class DecoderProcess {
  private static final Logger log = LoggerFactory.getLogger(DecoderProcess.class);
  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");
  private static final int BUFFER_BYTES = 1 << 16;

  private final Function<VideoLimits, Sampler> samplers;
  private final DataInputStream in;
  private final DataOutputStream out;

  private DecoderProcess(
      Function<VideoLimits, Sampler> samplers, InputStream in, OutputStream out) {
    this.samplers = samplers;
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
  }

  /** Serves requests until the standard input ends. */
  public static void main(String[] args) {
    Ffmpeg.load();
    run(VideoSampler::new);
  }

  /**
   * Serves requests until the parent process closes the standard input, then ends this process.
   *
   * @param samplers creates the sampler of a request from its limits
   */
  public static void run(Function<VideoLimits, Sampler> samplers) {
    OutputStream replies = prepare();
    int status = 0;
    try {
      new DecoderProcess(samplers, System.in, replies).serve();
    } catch (IOException e) {
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  /**
   * Reserves the standard output for replies and prefers this process for the out-of-memory killer;
   * returns the stream for replies.
   */
  public static OutputStream prepare() {
    OutputStream replies = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err); // nothing else may write between the replies
    preferForOomKiller();
    return replies;
  }

  /**
   * If the machine runs out of memory, the kernel is to kill this process rather than its parent.
   */
  private static void preferForOomKiller() {
    try {
      Files.writeString(OOM_SCORE, "500", StandardCharsets.US_ASCII);
    } catch (IOException e) {
      // not Linux: the setting does not exist
    }
  }

  private void serve() throws IOException {
    AtomicBoolean cancelled = new AtomicBoolean();
    for (int kind = in.read(); kind >= 0; kind = in.read()) {
      if (kind == DecoderProtocol.SAMPLE) {
        AtomicBoolean ofRequest = new AtomicBoolean();
        cancelled = ofRequest;
        Request request = Request.read(in);
        Thread thread = new Thread(() -> handle(request, ofRequest), "sampling");
        thread.setDaemon(true);
        thread.start();
      } else {
        cancelled.set(true);
      }
    }
  }

  private void handle(Request request, AtomicBoolean cancelled) {
    try {
      send(outcome(request, cancelled));
    } catch (UncheckedIOException e) { // the parent does not read any more
      Runtime.getRuntime().halt(1);
    } catch (RuntimeException | Error e) { // reported to the parent as a crash, by the exit status
      log.error("event=decoder_error", e);
      Runtime.getRuntime().halt(2);
    }
  }

  private Reply outcome(Request request, AtomicBoolean cancelled) {
    try {
      return new Reply.Done(
          samplers
              .apply(request.limits())
              .sample(request.file(), request.spec(), new ReplySink(), cancelled::get));
    } catch (VideoException e) {
      return new Reply.Failed(e);
    }
  }

  private void send(Reply reply) {
    try {
      synchronized (out) {
        reply.write(out);
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class ReplySink implements FrameSink {
    @Override
    public void accept(SampledFrame frame) {
      send(new Reply.Frame(frame));
    }

    @Override
    public void restart() {
      send(new Reply.Restart());
    }

    @Override
    public void progress(double share) {
      send(new Reply.Progress(share));
    }
  }
}
