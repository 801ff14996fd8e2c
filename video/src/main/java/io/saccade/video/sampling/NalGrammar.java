package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/**
 * The grammar of H.264 (ITU-T H.264, 7.3 and 7.4) and HEVC (ITU-T H.265, 7.3 and 7.4): a packet is
 * an access unit of NAL units, whose first bytes contain their types.
 */
final class NalGrammar implements PacketGrammar {
  private static final int SEI_HEAD_BYTES = 256;
  private static final int RECOVERY_POINT = 6;

  private final boolean hevc;

  /** Bytes of the length field before each unit; 0 if start codes separate the units. */
  private final int lengthBytes;

  private NalGrammar(boolean hevc, int lengthBytes) {
    this.hevc = hevc;
    this.lengthBytes = lengthBytes;
  }

  /**
   * Reads the size of the length fields from the stream's configuration record (avcC, hvcC), if it
   * has one.
   */
  static NalGrammar of(AVCodecParameters codec) {
    boolean hevc = codec.codec_id() != AV_CODEC_ID_H264;
    int lengthSizeAt = hevc ? 21 : 4;
    boolean record = codec.extradata_size() > lengthSizeAt && codec.extradata().get(0) == 1;
    return new NalGrammar(hevc, record ? (codec.extradata().get(lengthSizeAt) & 3) + 1 : 0);
  }

  /** Reads up to the first slice; parameter sets and SEI messages are before it. */
  @Override
  public int read(ByteBuffer data, boolean key) {
    int found = 0;
    boolean recovery = false;
    int at = 0;
    while (true) {
      int length = 0;
      if (lengthBytes == 0) {
        at = PacketGrammar.startCode(data, at, 0, 0xff) - 1;
      } else {
        length = length(data, at);
        at += lengthBytes;
      }
      if (at < 0 || length < 0 || at + 2 > data.limit()) {
        return UNCLEAR;
      }
      int head = data.get(at) & 0xff;
      if (isSlice(head)) {
        return found | (hevc ? hevcSlice(head, data.get(at + 1)) : h264Slice(head, recovery));
      }
      found |= isParameterSet(head) ? HEADERS : 0;
      recovery |= !hevc && (head & 0x1f) == RECOVERY_POINT && isExactRecovery(data, at + 1);
      at += length;
    }
  }

  private int length(ByteBuffer data, int at) {
    if (at + lengthBytes > data.limit()) {
      return -1;
    }
    int length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = (length << 8) | (data.get(at + i) & 0xff);
    }
    return length > data.limit() - at - lengthBytes ? -1 : length;
  }

  private boolean isSlice(int head) {
    int type = hevc ? head >> 1 & 0x3f : head & 0x1f;
    return hevc ? type < 32 : type >= 1 && type <= 5;
  }

  private boolean isParameterSet(int head) {
    int type = hevc ? head >> 1 & 0x3f : head & 0x1f;
    return hevc ? type >= 32 && type <= 34 : type == 7 || type == 8 || type == 13 || type == 15;
  }

  /**
   * nal_unit_type 5 is an IDR slice, 2 to 4 are data partitions; with nal_ref_idc 0 the picture is
   * no reference.
   */
  private static int h264Slice(int head, boolean recovery) {
    return switch (head & 0x1f) {
      case 5 -> ENTRY;
      case 1 -> (recovery ? ENTRY : 0) | ((head & 0x60) == 0 ? DISPOSABLE : 0);
      default -> UNCLEAR;
    };
  }

  /**
   * Types 16 to 21 are random access points; pictures that are shown before a BLA picture (16 to
   * 18) may be skipped. Even types up to 14 are no references within their temporal layer.
   */
  private static int hevcSlice(int head, int second) {
    int type = head >> 1 & 0x3f;
    int layer = Math.max((second & 7) - 1, 0) << LAYER_SHIFT;
    if (type >= 16) {
      return type >= 19 && type <= 21 ? ENTRY | layer : UNCLEAR;
    }
    return layer | (type <= 14 && type % 2 == 0 ? DISPOSABLE : 0);
  }

  /**
   * Whether an SEI unit has a recovery point at which all pictures from its own on are exact:
   * recovery_frame_cnt (Exp-Golomb) 0 and exact_match_flag 1.
   */
  private static boolean isExactRecovery(ByteBuffer data, int from) {
    byte[] message = unescaped(data, from);
    int at = 0;
    while (at + 2 < message.length) {
      int type = 0;
      int size = 0;
      for (; at < message.length - 1 && (message[at] & 0xff) == 0xff; at++) {
        type += 0xff;
      }
      type += message[at++] & 0xff;
      for (; at < message.length - 1 && (message[at] & 0xff) == 0xff; at++) {
        size += 0xff;
      }
      size += message[at++] & 0xff;
      if (type == RECOVERY_POINT && at < message.length) {
        return (message[at] & 0xc0) == 0xc0;
      }
      at += size;
    }
    return false;
  }

  /** The beginning of a unit without its emulation prevention bytes. */
  private static byte[] unescaped(ByteBuffer data, int from) {
    byte[] bytes = new byte[Math.min(SEI_HEAD_BYTES, data.limit() - from)];
    int count = 0;
    int zeros = 0;
    for (int i = from; i < data.limit() && count < bytes.length; i++) {
      byte value = data.get(i);
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      bytes[count++] = value;
    }
    return bytes;
  }
}
