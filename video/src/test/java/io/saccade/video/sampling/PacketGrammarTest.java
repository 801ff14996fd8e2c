package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets by their first bytes, in hexadecimal. */
class PacketGrammarTest {
  private static final String ENOUGH = "00112233445566778899";

  @ParameterizedTest
  @CsvSource({
    "000001 65 88, ENTRY",
    "000001 09 10 000001 67 42 000001 68 42 00000001 65 88, ENTRY HEADERS",
    "000001 41 9a, ''",
    "000001 01 9a, DISPOSABLE",
    "000001 06 06 01 c4 80 000001 41 9a, ENTRY",
    "000001 06 05 02 aabb 06 01 c4 80 000001 41 9a, ENTRY",
    "000001 06 06 01 84 80 000001 41 9a, ''", // recovers, but not exactly
    "000001 06 06 01 24 80 000001 41 9a, ''", // recovers some frames later
    "000001 68 42 000001 01 9a, DISPOSABLE HEADERS",
    "000001 42 9a, UNCLEAR", // a data partition
    "000001 09 10, UNCLEAR",
    "'', UNCLEAR",
  })
  void h264(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_H264, packet)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "000001 26 01, ENTRY", // IDR
    "000001 2a 01, ENTRY", // CRA
    "000001 20 01, UNCLEAR", // BLA: frames before it may be skipped
    "000001 02 01, ''", // TRAIL_R
    "000001 00 01, DISPOSABLE", // TRAIL_N
    "000001 10 01, DISPOSABLE", // RASL_N
    "000001 00 03, DISPOSABLE layer 2",
    "000001 40 01 0c 000001 42 01 01 000001 44 01 c1 000001 26 01, ENTRY HEADERS",
  })
  void hevc(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_HEVC, packet)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "000001b6 10 " + ENOUGH + ", ENTRY",
    "000001b6 50 " + ENOUGH + ", ''",
    "000001b6 90 " + ENOUGH + ", DISPOSABLE",
    "000001b6 90 " + ENOUGH + " 000001b6 50, UNCLEAR", // two planes in one packet
    "000001b6 50 00, UNCLEAR", // repeats the last picture
    "00112233445566778899aabb, UNCLEAR",
  })
  void mpeg4(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_MPEG4, packet)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "000001b3 112233 00000100 00 08 00, ENTRY HEADERS",
    "00000100 00 08 00, ''", // an I-picture without the sequence's tables
    "00000100 00 10 00, ''",
    "00000100 00 18 00, DISPOSABLE",
    "000001b3 112233, UNCLEAR",
  })
  void mpeg2(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_MPEG2VIDEO, packet)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "82 49 83, ENTRY", // a key frame, shown
    "86 00, ''",
    "84 00, HIDDEN",
    "84 00 c9, ''", // a superframe shows its last frame
    "88, ''", // shows a frame that came before
    "b1 00, ENTRY", // profile 3 has a bit more
    "42, UNCLEAR",
  })
  void vp9(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_VP9, packet)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10 00, ENTRY", "11 00, ''", "01 00, HIDDEN", "'', UNCLEAR"})
  void vp8(String packet, String expected) {
    assertThat(names(AV_CODEC_ID_VP8, packet)).isEqualTo(expected);
  }

  private static String names(int codec, String packet) {
    AVCodecParameters parameters = avcodec_parameters_alloc();
    try {
      parameters.codec_id(codec);
      byte[] bytes = HexFormat.of().parseHex(packet.replace(" ", ""));
      return names(PacketGrammar.of(parameters).orElseThrow().read(ByteBuffer.wrap(bytes), false));
    } finally {
      avcodec_parameters_free(parameters);
    }
  }

  private static String names(int kind) {
    StringBuilder names = new StringBuilder();
    names.append((kind & PacketGrammar.ENTRY) != 0 ? "ENTRY " : "");
    names.append((kind & PacketGrammar.DISPOSABLE) != 0 ? "DISPOSABLE " : "");
    names.append((kind & PacketGrammar.HEADERS) != 0 ? "HEADERS " : "");
    names.append((kind & PacketGrammar.HIDDEN) != 0 ? "HIDDEN " : "");
    names.append((kind & PacketGrammar.UNCLEAR) != 0 ? "UNCLEAR " : "");
    int layer = kind >> PacketGrammar.LAYER_SHIFT;
    return names.append(layer > 0 ? "layer " + layer : "").toString().strip();
  }
}
