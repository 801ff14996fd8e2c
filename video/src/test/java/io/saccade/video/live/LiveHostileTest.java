package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.saccade.video.VideoException;
import io.saccade.video.access.ListenRule;
import io.saccade.video.feed.HlsPlaylist;
import io.saccade.video.feed.RtpPacket;
import io.saccade.video.rtsp.RtpCodec;
import io.saccade.video.rtsp.RtspSource;
import io.saccade.video.rtsp.SessionDescription;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this process parses of what strangers send: no noise may be more than refused. */
class LiveHostileTest {
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
  void anyBytesAreAPacketOrNot() {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] noise = noise(40);
      if (noise.length > 0) {
        noise[0] |= (byte) 0x80;
        noise[0] &= (byte) 0xbf;
      }
      Optional<RtpPacket> packet = RtpPacket.parse(ByteBuffer.wrap(noise));
      packet.ifPresent(
          found -> assertThat(found.payload().remaining()).isLessThanOrEqualTo(noise.length - 12));
    }
  }

  @Test
  void anyLinesAreAPlaylistOrRefused() {
    String[] words = {
      "#EXTM3U",
      "#EXT-X-STREAM-INF:",
      "RESOLUTION=",
      "99999x99999",
      "#EXT-X-MEDIA-SEQUENCE:",
      "999999999999999999999",
      "#EXTINF:",
      "\n",
      "\r\n",
      ",",
      "\"",
      "a.ts",
      "#EXT-X-MAP:URI=",
      "#EXT-X-KEY:METHOD=NONE",
      "#EXT-X-TARGETDURATION:",
      "-1",
      "#EXT-X-ENDLIST",
      "BANDWIDTH=",
    };
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder text = new StringBuilder("#EXTM3U\n");
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append(words[random.nextInt(words.length)]);
      }
      try {
        HlsPlaylist playlist = HlsPlaylist.parse(text.toString());
        assertThat(playlist.end()).isGreaterThanOrEqualTo(playlist.sequence());
        if (playlist.isMaster()) {
          assertThat(playlist.choose(100)).isNotNull();
        }
      } catch (VideoException expected) {
        assertThat(expected.isPassing()).isFalse();
      }
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

  @ParameterizedTest
  @CsvSource({
    "239.1.0.0/16:5000-5999, 239.1.2.3, 5000, true",
    "239.1.0.0/16:5000-5999, 239.2.2.3, 5000, false",
    "239.1.0.0/16:5000-5999, 239.1.2.3, 6000, false",
    "'[ff15::/16]:5004', ff15::7, 5004, true",
    "0.0.0.0:5004, 127.0.0.1, 5004, false"
  })
  void aRuleAllowsItsAddressesAtItsPorts(String rule, String address, int port, boolean allowed)
      throws Exception {
    assertThat(ListenRule.parse(rule).allows(InetAddress.getAllByName(address)[0], port))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "239.1.2.3", "239.1.2.3:0", "host:5004", "1.2.3.4:9-8", "ff15::7:5"})
  void whatIsNoRuleIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ListenRule.parse(text));
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
