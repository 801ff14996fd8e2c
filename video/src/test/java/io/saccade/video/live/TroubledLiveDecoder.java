package io.saccade.video.live;

import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.isolation.DecoderProcess;
import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import io.saccade.video.isolation.LiveProtocolTest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A live decoder process whose behaviour depends on the name of the file: {@code crash} ends it by
 * an invalid memory access, {@code frame-crash} does so after a frame, {@code hang} never replies.
 */
public final class TroubledLiveDecoder {
  private TroubledLiveDecoder() {}

  /** Uses the protocol of {@link LiveProcess}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    DataOutputStream out = new DataOutputStream(DecoderProcess.prepare());
    Request request = Request.read(new DataInputStream(System.in));
    String name = request.file().orElseThrow().path().getFileName().toString();
    if (name.startsWith("hang")) {
      new CountDownLatch(1).await();
    }
    if (name.startsWith("frame")) {
      int size = request.spec().imageSize();
      new Reply.Session(LiveProtocolTest.FACTS).write(out);
      new Reply.Frame(0, Duration.ZERO, ByteBuffer.allocate(size * size * 3)).write(out);
      out.flush();
    }
    Ffmpeg.load();
    new BytePointer(new Nowhere()).put((byte) 1);
  }

  private static final class Nowhere extends Pointer {
    Nowhere() {
      this.address = 8;
    }
  }
}
