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
 * The process that decodes for an {@link IsolatedSampler}: takes requests from its standard input,
 * one at a time, answers on its standard output, and ends when the input does.
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

  /** Decodes until the input ends. */
  public static void main(String[] args) {
    Ffmpeg.load();
    run(VideoSampler::new);
  }

  /**
   * Samples on behalf of the parent process until it closes this one's standard input, and then
   * ends this process.
   *
   * @param samplers makes the sampler of a request from its limits
   */
  public static void run(Function<VideoLimits, Sampler> samplers) {
    OutputStream replies = takeOver();
    int status = 0;
    try {
      new DecoderProcess(samplers, System.in, replies).serve();
    } catch (IOException e) {
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  /** Makes this process one that works for its parent; the result is its standard output. */
  public static OutputStream takeOver() {
    OutputStream replies = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err); // nobody else may write between the replies
    volunteer();
    return replies;
  }

  /** Where memory runs out, this process is to be ended and not the one that it works for. */
  private static void volunteer() {
    try {
      Files.writeString(OOM_SCORE, "500", StandardCharsets.US_ASCII);
    } catch (IOException e) {
      // a system that does not know this order of dying
    }
  }

  private void serve() throws IOException {
    AtomicBoolean cancelled = new AtomicBoolean();
    for (int kind = in.read(); kind >= 0; kind = in.read()) {
      if (kind == DecoderProtocol.SAMPLE) {
        AtomicBoolean own = new AtomicBoolean();
        cancelled = own;
        Request request = Request.read(in);
        Thread thread = new Thread(() -> answer(request, own), "sampling");
        thread.setDaemon(true);
        thread.start();
      } else {
        cancelled.set(true);
      }
    }
  }

  private void answer(Request request, AtomicBoolean cancelled) {
    try {
      say(outcome(request, cancelled));
    } catch (UncheckedIOException e) { // nobody listens any more
      Runtime.getRuntime().halt(1);
    } catch (RuntimeException | Error e) { // as good as a crash
      log.error("event=decoder_error", e);
      Runtime.getRuntime().halt(2);
    }
  }

  private Reply outcome(Request request, AtomicBoolean cancelled) {
    try {
      return new Reply.Done(
          samplers
              .apply(request.limits())
              .sample(request.file(), request.spec(), new Replies(), cancelled::get));
    } catch (VideoException e) {
      return new Reply.Failed(e);
    }
  }

  private void say(Reply reply) {
    try {
      synchronized (out) {
        reply.write(out);
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Replies implements FrameSink {
    @Override
    public void accept(SampledFrame frame) {
      say(new Reply.Frame(frame));
    }

    @Override
    public void restart() {
      say(new Reply.Restart());
    }

    @Override
    public void progress(double share) {
      say(new Reply.Progress(share));
    }
  }
}
