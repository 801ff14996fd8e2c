package io.saccade.video.isolation;

import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.IOException;
import java.util.List;

/**
 * The parent's side of a child process that decodes one live source. Public for the packages {@code
 * feed} and {@code live} only.
 */
public final class LiveChild extends ChildProcess<Reply> {
  /**
   * JVM options for a heap of a few frames, most of them short-lived, and for little compiled code.
   */
  private static final List<String> MEMORY =
      List.of("-Xmx96m", "-Xmn8m", "-XX:ReservedCodeCacheSize=24m", "-XX:CICompilerCount=2");

  /** Starts a child; {@link #close} ends it. */
  public LiveChild(Class<?> main) {
    super(main, MEMORY);
  }

  /** Sends the request. If it names no file, the source's bytes have to follow. */
  public void request(Request request) {
    startReading(in -> Reply.read(in, request.spec().imageSize()));
    try {
      request.write(requests());
      requests().flush();
    } catch (IOException e) {
      kill(); // the replies then sendEnd with Lost
    }
  }

  /** Sends bytes of the source; blocks while the child does not read. */
  public void sendData(byte[] bytes, int offset, int length) throws IOException {
    requests().writeByte(LiveProtocol.DATA);
    requests().writeInt(length);
    requests().write(bytes, offset, length);
    requests().flush();
  }

  /** Announces that another container follows, or the same one after a gap. */
  public void sendCut() throws IOException {
    requests().writeByte(LiveProtocol.CUT);
    requests().flush();
  }

  /** Announces the end of the source. */
  public void sendEnd() throws IOException {
    requests().writeByte(LiveProtocol.END);
    requests().flush();
  }

  @Override
  boolean isLast(Reply reply) {
    return reply.isLast();
  }

  @Override
  Reply lost() {
    return new Reply.Lost();
  }
}
