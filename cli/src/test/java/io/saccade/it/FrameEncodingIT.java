package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ClipFrame;
import io.saccade.bus.FrameLog;
import io.saccade.bus.FramesExpiredException;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Samplers that store frames in different ways, in turn, on one bus whose readers need not know.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameEncodingIT {

  private static final int FRAMES = 3;
  private static final int SIZE = 96;

  private static EmbeddedBroker broker;
  private static BusConfig bus;
  private static PlainClient client;

  @BeforeAll
  static void start(@TempDir Path dir) {
    broker = Bus.broker(dir);
    bus = Bus.create(broker.bootstrapServers(), "encodings.", Map.of());
    client = new PlainClient(bus);
  }

  @AfterAll
  static void stop() {
    client.close();
    broker.close();
  }

  @Test
  void whateverTheSamplerStoresIsReadAsPixels() throws FramesExpiredException {
    ClipManifest raw = sample(FrameEncoding.RAW);
    ClipManifest zstd = sample(FrameEncoding.ZSTD);
    ClipManifest jpeg = sample(FrameEncoding.jpeg(90));

    List<ByteBuffer> pixels = read(raw);
    assertThat(read(zstd)).isEqualTo(pixels);
    List<ByteBuffer> close = read(jpeg);
    for (int i = 0; i < FRAMES; i++) {
      assertThat(psnr(pixels.get(i), close.get(i))).isBetween(35.0, 90.0);
    }
    assertThat(bytes(zstd, FrameEncoding.ZSTD))
        .isLessThan(bytes(raw, FrameEncoding.RAW))
        .isGreaterThan(bytes(jpeg, FrameEncoding.jpeg(90)));
  }

  private static ClipManifest sample(FrameEncoding encoding) {
    VideoReference video = Demo.video(0);
    SamplerConfig config = SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips())));
    try (FrameSampler sampler = new FrameSampler(config.withEncoding(encoding))) {
      sampler.start();
      client.send(Topics.SAMPLING_REQUESTS, Demo.sampling(video, Demo.profile(FRAMES, SIZE, 1)));
      return Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  client.readAll(Topics.CLIPS).stream()
                      .filter(clip -> clip.getVideoId().equals(video.getVideoId()))
                      .toList(),
              clips -> !clips.isEmpty())
          .get(0);
    }
  }

  private static List<ByteBuffer> read(ClipManifest clip) throws FramesExpiredException {
    try (FrameLog log = new FrameLog(bus)) {
      return log.read(clip, Pathway.BOTH, () -> false).stream().map(ClipFrame::rgb).toList();
    }
  }

  /** What the clip takes in the log. */
  private static int bytes(ClipManifest clip, FrameEncoding encoding) {
    List<FrameTensor> frames =
        client.readAll(Topics.FRAMES).stream()
            .filter(frame -> frame.getClipId().equals(clip.getClipId()))
            .toList();
    assertThat(frames).hasSize(FRAMES).allMatch(f -> f.getEncoding() == encoding.format());
    return frames.stream().mapToInt(frame -> frame.getData().size()).sum();
  }

  private static double psnr(ByteBuffer expected, ByteBuffer actual) {
    double squares = 0;
    for (int i = 0; i < expected.remaining(); i++) {
      int difference = (expected.get(i) & 0xff) - (actual.get(i) & 0xff);
      squares += difference * difference;
    }
    return 10 * Math.log10(255 * 255 * expected.remaining() / squares);
  }
}
