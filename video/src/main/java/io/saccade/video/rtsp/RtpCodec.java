package io.saccade.video.rtsp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How the pictures of a codec lie in RTP packets. Each packet's payload becomes a piece of the
 * codec's own byte stream, whatever came before it.
 */
public enum RtpCodec {
  /** RFC 6184, without interleaving. */
  H264(0x1b, "sprop-parameter-sets") {
    @Override
    public boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
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
    public boolean isKey(int head, int next) {
      int type = head & 0x1f;
      return type == 5 || type == 7;
    }
  },
  /** RFC 7798, without decoding order numbers. */
  H265(0x24, "sprop-vps,sprop-sps,sprop-pps") {
    @Override
    public boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
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
    public boolean isKey(int head, int next) {
      int type = head >> 1 & 0x3f;
      return (type >= 16 && type <= 21) || (type >= 32 && type <= 34);
    }
  },
  /** MPEG-4 part 2 (RFC 6416), whose pictures lie in the packets as they are. */
  MPEG4(0x10, "config") {
    @Override
    public boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      copy(payload, unit);
      return true;
    }

    @Override
    public boolean isKey(int head, int next) {
      return head == 0xb6 && (next & 0xc0) == 0; // a picture, and one without reference
    }

    @Override
    public byte[] parameterSets(Map<String, String> parameters) {
      try {
        return HexFormat.of().parseHex(parameters.getOrDefault("config", ""));
      } catch (IllegalArgumentException e) {
        return new byte[0];
      }
    }
  },
  /** A transport stream (RFC 2250), which needs no other. */
  MP2T(0, "") {
    @Override
    public boolean append(ByteBuffer payload, ByteArrayOutputStream unit) {
      copy(payload, unit);
      return true;
    }

    @Override
    public boolean isKey(int head, int next) {
      return true;
    }
  };

  /** Timestamps a second of nearly all video. */
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

  /** The codec's number in a transport stream's table. */
  int streamType() {
    return streamType;
  }

  /**
   * Adds what a packet brings.
   *
   * @param payload is read to its end
   * @return false if it makes no sense
   */
  public abstract boolean append(ByteBuffer payload, ByteArrayOutputStream unit);

  /** Whether a part of the stream stands only where decoding may begin, by its first two bytes. */
  public abstract boolean isKey(int head, int next);

  /** What a decoder has to know first, from a session description; empty if it says nothing. */
  public byte[] parameterSets(Map<String, String> parameters) {
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
          return new byte[0]; // they come in the stream, too
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
