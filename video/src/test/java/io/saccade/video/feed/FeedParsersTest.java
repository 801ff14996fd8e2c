package io.saccade.video.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.VideoException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The parsers of untrusted bytes of feeds: random bytes are refused and have no other effect. */
class FeedParsersTest {
  private static final int ROUNDS = 20_000;

  private final Random random = new Random(1);

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

  private byte[] noise(int most) {
    byte[] noise = new byte[random.nextInt(most)];
    random.nextBytes(noise);
    return noise;
  }
}
