package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG1VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_PROP_INTRA_ONLY;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_descriptor_get;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/**
 * Reads from a packet's codec headers how it relates to the packets around it. The key frame flag
 * of the container is not enough: it may be wrong, and it is also set on pictures at which decoding
 * cannot begin. See decision 31 in {@code docs/decisions.md}.
 */
@FunctionalInterface
interface PacketGrammar {
  /**
   * An entry, where decoding may begin: no packet that is later in both decoding and presentation
   * order needs an earlier one.
   */
  int ENTRY = 1;

  /** No other packet needs this one, except packets of a higher temporal layer. */
  int DISPOSABLE = 1 << 1;

  /** The packet has parameter sets that later packets may need. */
  int HEADERS = 1 << 2;

  /** The packet is decoded but not shown. */
  int HIDDEN = 1 << 3;

  /** The packet is not understood, so that no packet can be skipped safely. */
  int UNCLEAR = 1 << 4;

  /** The lowest of the three bits with the number of the temporal layer. */
  int LAYER_SHIFT = 5;

  /**
   * Reads a packet's headers.
   *
   * @param data the packet, from position 0 to its limit
   * @param key whether the container marks it as a key frame
   * @return a combination of the bits above
   */
  int read(ByteBuffer data, boolean key);

  /**
   * Returns the grammar of a stream's codec; empty if the codec is not one of those handled here.
   */
  static Optional<PacketGrammar> of(AVCodecParameters codec) {
    int id = codec.codec_id();
    if (id == AV_CODEC_ID_H264 || id == AV_CODEC_ID_HEVC) {
      return Optional.of(NalGrammar.of(codec));
    }
    if (id == AV_CODEC_ID_MPEG4) {
      return Optional.of(PacketGrammar::mpeg4);
    }
    if (id == AV_CODEC_ID_MPEG2VIDEO || id == AV_CODEC_ID_MPEG1VIDEO) {
      return Optional.of(PacketGrammar::mpeg2);
    }
    if (id == AV_CODEC_ID_VP9) {
      return Optional.of((data, key) -> vp9(data));
    }
    if (id == AV_CODEC_ID_VP8) {
      return Optional.of((data, key) -> vp8(data));
    }
    if (id == AV_CODEC_ID_AV1) { // a packet is a temporal unit, which shows one frame
      return Optional.of((data, key) -> key ? ENTRY : 0);
    }
    AVCodecDescriptor descriptor = avcodec_descriptor_get(id);
    boolean alone = descriptor != null && (descriptor.props() & AV_CODEC_PROP_INTRA_ONLY) != 0;
    return alone ? Optional.of((data, key) -> ENTRY | DISPOSABLE) : Optional.empty();
  }

  /** ISO 14496-2: one video object plane, with its type after its start code. */
  private static int mpeg4(ByteBuffer data, boolean key) {
    final int emptyPlane = 9; // bytes of a plane that repeats the last picture
    int plane = startCode(data, 0, 0xb6, 0xb6);
    if (plane < 0 || plane >= data.limit() || data.limit() <= emptyPlane) {
      return UNCLEAR;
    }
    return switch ((data.get(plane) & 0xff) >> 6) {
      case 0 -> ENTRY;
      case 2 -> startCode(data, plane, 0xb6, 0xb6) < 0 ? DISPOSABLE : UNCLEAR;
      default -> 0;
    };
  }

  /** ISO 13818-2: picture_coding_type after 10 bits of temporal_reference. */
  private static int mpeg2(ByteBuffer data, boolean key) {
    int picture = startCode(data, 0, 0, 0);
    if (picture < 0 || picture + 1 >= data.limit()) {
      return UNCLEAR;
    }
    int sequence = startCode(data, 0, 0xb3, 0xb3);
    boolean headed = sequence >= 0 && sequence < picture;
    return switch (data.get(picture + 1) >> 3 & 7) {
      case 1 -> headed ? ENTRY | HEADERS : 0;
      case 3 -> headed ? HEADERS : DISPOSABLE;
      default -> headed ? HEADERS : 0;
    };
  }

  /** VP9 bitstream, 6.2: frame_marker, profile, show_existing_frame, frame_type, show_frame. */
  private static int vp9(ByteBuffer data) {
    int first = data.limit() == 0 ? 0 : data.get(0) & 0xff;
    if (first >> 6 != 2) {
      return UNCLEAR;
    }
    boolean fourthProfile = (first >> 4 & 3) == 3; // which has one bit more
    int flags = fourthProfile ? first << 1 : first;
    if ((flags & 8) != 0) {
      return 0; // shows an earlier frame again
    }
    boolean superframe = (data.get(data.limit() - 1) & 0xe0) == 0xc0;
    boolean shown = superframe || (flags & 2) != 0;
    return ((flags & 4) == 0 ? ENTRY : 0) | (shown ? 0 : HIDDEN);
  }

  /** RFC 6386, 9.1: bit 0 is 0 for a key frame, bit 4 is show_frame. */
  private static int vp8(ByteBuffer data) {
    if (data.limit() == 0) {
      return UNCLEAR;
    }
    int first = data.get(0);
    return ((first & 1) == 0 ? ENTRY : 0) | ((first & 16) != 0 ? 0 : HIDDEN);
  }

  /**
   * Returns the position after the next start code 00 00 01 xx with xx from {@code low} to {@code
   * high}, or -1.
   */
  static int startCode(ByteBuffer data, int from, int low, int high) {
    int zeros = 0;
    for (int i = from; i < data.limit() - 1; i++) {
      int value = data.get(i);
      if (value == 1 && zeros >= 2) {
        int code = data.get(i + 1) & 0xff;
        if (low <= code && code <= high) {
          return i + 2;
        }
      }
      zeros = value == 0 ? zeros + 1 : 0;
    }
    return -1;
  }
}
