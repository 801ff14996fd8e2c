package io.saccade.video.live;

import io.saccade.video.VideoException;
import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.isolation.DecoderProcess;
import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The child process of an {@link IsolatedLiveReader} that decodes one live source: reads a request
 * and the source's bytes from its standard input, writes replies to its standard output, and ends.
 */
public final class LiveProcess {
  private static final Logger log = LoggerFactory.getLogger(LiveProcess.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private LiveProcess() {}

  /** Decodes until the source ends. */
  public static void main(String[] args) {
    OutputStream replies = DecoderProcess.prepare();
    Ffmpeg.load();
    Runtime.getRuntime().halt(serve(replies));
  }

  private static int serve(OutputStream replies) {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, BUFFER_BYTES));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(replies, BUFFER_BYTES));
    try {
      send(out, outcome(in, out));
      return 0;
    } catch (IOException | UncheckedIOException e) { // the parent does not read any more
      return 1;
    } catch (RuntimeException | Error e) { // reported to the parent as a crash, by the exit status
      log.error("event=decoder_error", e);
      return 2;
    }
  }

  private static Reply outcome(DataInputStream in, DataOutputStream out) throws IOException {
    Request request = Request.read(in);
    try {
      new LiveDecoder(request, new LiveInput(in), reply -> sendUnchecked(out, reply)).run();
      return new Reply.Done();
    } catch (VideoException e) {
      return new Reply.Failed(e);
    }
  }

  private static void sendUnchecked(DataOutputStream out, Reply reply) {
    try {
      send(out, reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(DataOutputStream out, Reply reply) throws IOException {
    synchronized (out) {
      reply.write(out);
      out.flush();
    }
  }
}
