package io.saccade.video.isolation;

import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.IOException;
import java.util.List;

/** A process that decodes one live source, seen from the one that started it. */
public final class LiveChild extends ChildProcess<Reply> {
  /** A few frames and what they are made of, of which few live long; code for a loop or two. */
  private static final List<String> MEMORY =
      List.of("-Xmx96m", "-Xmn8m", "-XX:ReservedCodeCacheSize=24m", "-XX:CICompilerCount=2");

  /** Starts a process; {@link #close} ends it. */
  public LiveChild(Class<?> main) {
    super(main, MEMORY);
  }

  /** Begins; the source's bytes may follow, and replies do. */
  public void ask(Request request) {
    listen(in -> Reply.read(in, request.spec().imageSize()));
    try {
      request.write(requests());
      requests().flush();
    } catch (IOException e) {
      kill(); // the replies will tell
    }
  }

  /** Sends bytes of the source; blocks while the decoder reads no faster. */
  public void data(byte[] bytes, int offset, int length) throws IOException {
    requests().writeByte(LiveProtocol.DATA);
    requests().writeInt(length);
    requests().write(bytes, offset, length);
    requests().flush();
  }

  /** Says that another container follows, or the same one after a gap. */
  public void cut() throws IOException {
    requests().writeByte(LiveProtocol.CUT);
    requests().flush();
  }

  /** Says that the source has ended. */
  public void end() throws IOException {
    requests().writeByte(LiveProtocol.END);
    requests().flush();
  }

  @Override
  boolean isLast(Reply reply) {
    return reply.isLast();
  }

  @Override
  Reply gone() {
    return new Reply.Gone();
  }
}
