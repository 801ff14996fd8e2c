package io.saccade.video.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SamplingPolicy;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.DecoderProtocol.Reply;
import io.saccade.video.isolation.DecoderProtocol.Request;
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
import org.junit.jupiter.api.Test;

class DecoderProtocolTest {
  private static final SampleSpec SPEC =
      new SampleSpec(
          4,
          16,
          ResizeRule.SQUASH,
          SamplingPolicy.parse("fps-first:0.5"),
          Optional.of(Duration.ofMillis(-1500)),
          Optional.empty());

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  @Test
  void aRequestArrivesAsItWas() throws IOException {
    VideoFile file = new VideoFile(Path.of("/videos"), Path.of("/videos/é %03d [x].mp4"));
    Request request = new Request(file, SPEC, VideoLimits.defaults());
    request.write(out);
    assertThat(Request.read(in())).isEqualTo(request);
  }

  @Test
  void aFrameArrivesAsItWas() throws IOException {
    Reply reply = new Reply.Frame(frame(1, 3));
    reply.write(out);
    assertThat(Reply.read(in(), SPEC)).isEqualTo(reply);
  }

  @Test
  void aFailureArrivesAsItWas() throws IOException {
    new Reply.Failed(new VideoException(Category.CORRUPT, "cut", 7)).write(out);
    VideoException failure = ((Reply.Failed) Reply.read(in(), SPEC)).failure();
    assertThat(failure.category()).isEqualTo(Category.CORRUPT);
    assertThat(failure).hasMessage("cut");
    assertThat(failure.decodedFrames()).isEqualTo(7);
  }

  @Test
  void refusesAFrameOutOfPlace() throws IOException {
    new Reply.Frame(frame(2, 3)).write(out);
    assertThatIOException().isThrownBy(() -> Reply.read(in(), SPEC));
  }

  @Test
  void refusesAFailureWithTooLongAMessage() throws IOException {
    new Reply.Failed(new VideoException(Category.CORRUPT, "secret ".repeat(200))).write(out);
    assertThatIOException().isThrownBy(() -> Reply.read(in(), SPEC));
  }

  @Test
  void anyBytesAreAReplyOrAnIoException() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) random.nextInt(7);
      }
      try {
        assertThat(Reply.read(new DataInputStream(new ByteArrayInputStream(noise)), SPEC))
            .isNotNull();
      } catch (IOException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  private static SampledFrame frame(int first, int positions) {
    byte[] rgb = new byte[16 * 16 * 3];
    new Random(2).nextBytes(rgb);
    return new SampledFrame(
        first, positions, 5, Duration.ofMillis(-40), 16, 16, ByteBuffer.wrap(rgb));
  }

  private DataInputStream in() {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
