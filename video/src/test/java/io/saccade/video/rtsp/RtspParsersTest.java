package io.saccade.video.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.video.VideoException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The parsers of what an RTSP host sends: random bytes are refused and have no other effect. */
class RtspParsersTest {
  private static final int ROUNDS = 20_000;

  private final Random random = new Random(1);

  @ParameterizedTest
  @EnumSource
  void anyPayloadIsTakenOrNot(RtpCodec codec) {
    for (int i = 0; i < ROUNDS; i++) {
      ByteArrayOutputStream unit = new ByteArrayOutputStream();
      byte[] noise = noise(64);
      codec.append(ByteBuffer.wrap(noise), unit);
      assertThat(unit.size()).isLessThanOrEqualTo(noise.length * 3 + 8);
    }
  }

  @Test
  void anyLinesAreADescriptionOrRefused() {
    String[] words = {
      "m=video 0 RTP/AVP 96",
      "m=audio 0 RTP/AVP 0",
      "a=rtpmap:96 ",
      "H264/90000",
      "H265/0",
      "\r\n",
      "a=fmtp:96 ",
      "sprop-parameter-sets=",
      "////",
      ";",
      "=",
      "a=control:",
      "rtsp://x",
      "\n",
    };
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder text = new StringBuilder("v=0\n");
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append(words[random.nextInt(words.length)]);
      }
      try {
        SessionDescription video = SessionDescription.parse(text.toString());
        assertThat(video.clockRate()).isPositive();
        assertThat(video.codec().parameterSets(video.parameters())).isNotNull();
      } catch (VideoException expected) {
        assertThat(expected.isPassing()).isFalse();
      }
    }
  }

  @Test
  void hevcPacketsBecomeItsByteStream() {
    ByteArrayOutputStream unit = new ByteArrayOutputStream();
    assertThat(RtpCodec.H265.append(bytes(0x60, 1, 0, 3, 0x40, 1, 7, 0, 3, 0x42, 1, 8), unit))
        .isTrue();
    assertThat(RtpCodec.H265.append(bytes(0x62, 1, 0x93, 5, 6), unit)).isTrue();
    assertThat(RtpCodec.H265.append(bytes(0x62, 1, 0x53, 7), unit)).isTrue();

    assertThat(unit.toByteArray())
        .isEqualTo(
            bytes(0, 0, 0, 1, 0x40, 1, 7, 0, 0, 0, 1, 0x42, 1, 8, 0, 0, 0, 1, 0x26, 1, 5, 6, 7)
                .array());
    assertThat(RtpCodec.H265.isKey(0x26, 1)).isTrue();
    assertThat(RtpCodec.H265.isKey(0x02, 1)).isFalse();
  }

  @Test
  void parameterSetsComeFromTheDescription() {
    assertThat(RtpCodec.H264.parameterSets(Map.of("sprop-parameter-sets", "Z0I=,aM4=")))
        .isEqualTo(bytes(0, 0, 0, 1, 0x67, 0x42, 0, 0, 0, 1, 0x68, 0xce).array());
    assertThat(RtpCodec.H264.parameterSets(Map.of("sprop-parameter-sets", "?"))).isEmpty();
    assertThat(RtpCodec.MPEG4.parameterSets(Map.of("config", "000001B0")))
        .isEqualTo(bytes(0, 0, 1, 0xb0).array());
  }

  @Test
  void credentialsMustBePlain() {
    for (String uri : new String[] {"rtsp://a%0d%0ab@h/", "rtsp://a%22@h/", "rtsp://a@b@h/"}) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(() -> RtspSource.parse(uri))
          .withMessageNotContaining("a%");
    }
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private byte[] noise(int most) {
    byte[] noise = new byte[random.nextInt(most)];
    random.nextBytes(noise);
    return noise;
  }
}
