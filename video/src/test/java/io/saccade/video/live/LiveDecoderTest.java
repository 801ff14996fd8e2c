package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import io.saccade.video.TestClip;
import io.saccade.video.VideoLimits;
import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.isolation.LiveProtocol;
import io.saccade.video.isolation.LiveProtocol.Reply;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs a decoder in this process, on the test's clock. */
@Timeout(60)
class LiveDecoderTest {
  private static final int FRAMES = 50;
  private static final LiveSpec SPEC =
      new LiveSpec(
          Duration.ofMillis(200),
          64,
          ResizeRule.SQUASH,
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  @TempDir private Path folder;
  private final List<Reply> replies = new ArrayList<>();
  private long now;

  @BeforeAll
  static void load() {
    Ffmpeg.load();
  }

  @Test
  void framesOfABurstPassAtTheirOwnTimes() throws Exception {
    decode(1);

    assertThat(Duration.ofNanos(now)).isEqualTo(Duration.ofMillis((FRAMES - 1) * 40));
    assertThat(replies).hasSize(1 + FRAMES);
  }

  @Test
  void framesInTimePassAtOnce() throws Exception {
    decode(Double.POSITIVE_INFINITY);

    assertThat(now).isZero();
    assertThat(replies).hasSize(1 + FRAMES);
  }

  private void decode(double speed) throws Exception {
    Request request = new Request(Optional.empty(), speed, true, SPEC, VideoLimits.defaults());
    new LiveDecoder(
            request, input(), new FramePacer(speed, () -> now, nanos -> now += nanos), replies::add)
        .run();
  }

  private LiveInput input() throws Exception {
    byte[] clip = Files.readAllBytes(TestClip.of(FRAMES).write(folder.resolve("a.ts")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(LiveProtocol.DATA);
    out.writeInt(clip.length);
    out.write(clip);
    out.writeByte(LiveProtocol.END);
    return new LiveInput(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
