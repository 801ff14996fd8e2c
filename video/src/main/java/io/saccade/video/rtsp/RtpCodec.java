package io.saccade.video.rtsp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The payload formats of RTP for video codecs. Each packet's payload is converted to a part of the
 * codec's byte stream, independently of earlier packets.
 */
enum RtpCodec {
  /** RFC 6184, without interleaving. */
  H264(0x1b, "sprop-parameter-sets") {
    @Override
    boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      if (!payload.hasRemaining()) {
        return false;
      }
      int type = payload.get(payload.position()) & 0x1f;
      if (type == 24) {
        payload.get();
        return appendAll(payload, unit);
      }
      if (type == 28) {
        return appendFragment(payload, unit);
      }
      return type >= 1 && type < 24 && appendUnit(payload, unit);
    }

    private boolean appendFragment(ByteBuffer payload, ByteArrayOutputStream unit) {
      if (payload.remaining() < 3) {
        return false;
      }
      int indicator = payload.get();
      int head = payload.get();
      if ((head & FIRST_FRAGMENT) != 0) {
        start(unit);
        unit.write((indicator & 0xe0) | (head & 0x1f));
      }
      copy(payload, unit);
      return true;
    }

    @Override
    boolean isKey(int head, int next) {
      int type = head & 0x1f;
      return type == 5 || type == 7;
    }
  },
  /** RFC 7798, without decoding order numbers. */
  H265(0x24, "sprop-vps,sprop-sps,sprop-pps") {
    @Override
    boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      if (payload.remaining() < 3) {
        return false;
      }
      int type = payload.get(payload.position()) >> 1 & 0x3f;
      if (type == 48) {
        payload.getShort();
        return appendAll(payload, unit);
      }
      if (type == 49) {
        return appendFragment(payload, unit);
      }
      return type < 48 && appendUnit(payload, unit);
    }

    private boolean appendFragment(ByteBuffer payload, ByteArrayOutputStream unit) {
      if (payload.remaining() < 4) {
        return false;
      }
      int first = payload.get();
      int second = payload.get();
      int head = payload.get();
      if ((head & FIRST_FRAGMENT) != 0) {
        start(unit);
        unit.write((first & 0x81) | ((head & 0x3f) << 1));
        unit.write(second);
      }
      copy(payload, unit);
      return true;
    }

    @Override
    boolean isKey(int head, int next) {
      int type = head >> 1 & 0x3f;
      return (type >= 16 && type <= 21) || (type >= 32 && type <= 34);
    }
  },
  /** MPEG-4 part 2 (RFC 6416), whose byte stream is divided into packets unchanged. */
  MPEG4(0x10, "config") {
    @Override
    boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      copy(payload, unit);
      return true;
    }

    @Override
    boolean isKey(int head, int next) {
      return head == 0xb6 && (next & 0xc0) == 0; // an I-VOP
    }

    @Override
    byte[] parameterSets(Map<String, String> parameters) {
      try {
        return HexFormat.of().parseHex(parameters.getOrDefault("config", ""));
      } catch (IllegalArgumentException e) {
        return new byte[0];
      }
    }
  },
  /** An MPEG transport stream (RFC 2250), which is passed on unchanged. */
  MP2T(0, "") {
    @Override
    boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      copy(payload, unit);
      return true;
    }

    @Override
    boolean isKey(int head, int next) {
      return true;
    }
  };

  /** The clock rate of most video, in Hz. */
  static final int CLOCK_RATE = 90_000;

  private static final int FIRST_FRAGMENT = 0x80;
  private static final byte[] START = {0, 0, 0, 1};

  private final int streamType;
  private final String parameterNames;

  RtpCodec(int streamType, String parameterNames) {
    this.streamType = streamType;
    this.parameterNames = parameterNames;
  }

  /** The codec with this name in a session description. */
  static Optional<RtpCodec> named(String encoding) {
    return Arrays.stream(values())
        .filter(codec -> codec.encoding().equalsIgnoreCase(encoding))
        .findFirst();
  }

  private String encoding() {
    return this == MPEG4 ? "MP4V-ES" : name();
  }

  /** The codec's stream_type in a transport stream's program map table. */
  int streamType() {
    return streamType;
  }

  /**
   * Appends the payload of a packet to a picture.
   *
   * @param payload read to its end
   * @param unit the picture's byte stream so far
   * @return false if the payload is malformed
   */
  abstract boolean append(ByteBuffer payload, ByteArrayOutputStream unit);

  /** Whether a unit of the stream occurs only where decoding may begin, by its first two bytes. */
  abstract boolean isKey(int head, int next);

  /** Returns the parameter sets of a session description as a byte stream; empty if it has none. */
  byte[] parameterSets(Map<String, String> parameters) {
    ByteArrayOutputStream sets = new ByteArrayOutputStream();
    for (String name : parameterNames.split(",", -1)) {
      for (String set : parameters.getOrDefault(name, "").split(",", -1)) {
        try {
          byte[] bytes = Base64.getDecoder().decode(set.strip());
          if (bytes.length > 0) {
            start(sets);
            sets.writeBytes(bytes);
          }
        } catch (IllegalArgumentException e) {
          return new byte[0]; // the stream contains them, too
        }
      }
    }
    return sets.toByteArray();
  }

  private static boolean appendAll(ByteBuffer units, ByteArrayOutputStream unit) {
    while (units.remaining() > Short.BYTES) {
      int length = units.getShort() & 0xffff;
      if (length == 0 || length > units.remaining()) {
        return false;
      }
      appendUnit(units.slice(units.position(), length), unit);
      units.position(units.position() + length);
    }
    return true;
  }

  private static boolean appendUnit(ByteBuffer payload, ByteArrayOutputStream unit) {
    start(unit);
    copy(payload, unit);
    return true;
  }

  private static void start(ByteArrayOutputStream unit) {
    unit.writeBytes(START);
  }

  private static void copy(ByteBuffer payload, ByteArrayOutputStream unit) {
    unit.write(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
    payload.position(payload.limit());
  }
}
