package io.saccade.video.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class LiveProtocolTest {
  public static final SourceFacts FACTS =
      new SourceFacts(
          "mpegts",
          "h264",
          64,
          48,
          64,
          48,
          0,
          false,
          0,
          0,
          25,
          Duration.ZERO,
          Duration.ofSeconds(7),
          Duration.ofSeconds(7),
          Duration.ZERO,
          Duration.ZERO);
  private static final int SIZE = 16;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  @Test
  void aRequestArrivesAsItWas() throws IOException {
    LiveSpec spec =
        new LiveSpec(
            Duration.ofMillis(40),
            SIZE,
            ResizeRule.SQUASH,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
    for (Optional<VideoFile> file :
        Stream.of("/videos/é [x].mp4")
            .flatMap(
                name ->
                    Stream.of(
                        Optional.of(new VideoFile(Path.of("/videos"), Path.of(name))),
                        Optional.<VideoFile>empty()))
            .toList()) {
      bytes.reset();
      Request request = new Request(file, 0.5, true, spec, VideoLimits.defaults());
      request.write(out);
      assertThat(Request.read(in())).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyArrivesAsItWas(Reply reply) throws IOException {
    reply.write(out);
    assertThat(Reply.read(in(), SIZE)).isEqualTo(reply);
  }

  static Stream<Reply> replies() {
    byte[] rgb = new byte[SIZE * SIZE * 3];
    new Random(2).nextBytes(rgb);
    return Stream.of(
        new Reply.Session(FACTS),
        new Reply.Frame(3, Duration.ofMillis(120), ByteBuffer.wrap(rgb)),
        new Reply.Progress(Duration.ofNanos(7)),
        new Reply.Stalled(),
        new Reply.Done());
  }

  @Test
  void aFailureKeepsWhetherItPasses() throws IOException {
    new Reply.Failed(VideoException.passing(Category.UNREADABLE, "disk", null)).write(out);
    VideoException failure = ((Reply.Failed) Reply.read(in(), SIZE)).failure();
    assertThat(failure.isPassing()).isTrue();
    assertThat(failure).hasMessage("disk");
  }

  @Test
  void refusesATimeBeforeTheSession() throws IOException {
    new Reply.Progress(Duration.ofNanos(-1)).write(out);
    assertThatIOException().isThrownBy(() -> Reply.read(in(), SIZE));
  }

  @Test
  void anyBytesAreAReplyOrAnIoException() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) random.nextInt(8);
      }
      try {
        assertThat(Reply.read(new DataInputStream(new ByteArrayInputStream(noise)), SIZE))
            .isNotNull();
      } catch (IOException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  private DataInputStream in() {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
