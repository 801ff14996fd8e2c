package io.saccade.video.rtsp;

import io.saccade.video.feed.TransportPackets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Writes the pictures of one video as an MPEG transport stream (ISO/IEC 13818-1). Not thread-safe.
 */
final class TransportWriter {
  private static final int PROGRAMS_PID = 0;
  private static final int PROGRAM_PID = 0x1000;
  private static final int VIDEO_PID = 0x100;
  private static final int NO_CLOCK_PID = 0x1fff;
  private static final int RESERVED_BEFORE_PID = 0xe000;
  private static final int RESERVED_BEFORE_LENGTH = 0xf000;

  private static final int BODY_BYTES = TransportPackets.BYTES - 4;
  private static final int PES_HEAD_BYTES = 14;
  private static final int PES_FIELDS_BYTES =
      8; // the part of the header that its length field includes
  private static final int MAX_PES_LENGTH = 0xffff;

  private final byte[] programs;
  private final byte[] program;
  private int programsCounter;
  private int programCounter;
  private int videoCounter;

  /**
   * Creates the tables of a stream with one video.
   *
   * @param streamType the stream_type of the codec, ISO/IEC 13818-1 table 2-34
   */
  TransportWriter(int streamType) {
    programs = section(0, shorts(1, RESERVED_BEFORE_PID | PROGRAM_PID));
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.writeBytes(shorts(RESERVED_BEFORE_PID | NO_CLOCK_PID, RESERVED_BEFORE_LENGTH));
    table.write(streamType);
    table.writeBytes(shorts(RESERVED_BEFORE_PID | VIDEO_PID, RESERVED_BEFORE_LENGTH));
    program = section(2, table.toByteArray());
  }

  /**
   * Returns the packets of a picture.
   *
   * @param picture the codec's byte stream of the picture
   * @param head bytes to write before it, for parameter sets
   * @param key whether decoding may begin here; the tables are then written first
   * @param time presentation time in units of 1/90000 s; the lowest 33 bits are written
   */
  ByteBuffer picture(byte[] picture, byte[] head, boolean key, long time) {
    ByteBuffer data = ByteBuffer.allocate(PES_HEAD_BYTES + head.length + picture.length);
    writePesHead(data, head.length + picture.length, time);
    data.put(head).put(picture).flip();
    int packets = (data.remaining() + BODY_BYTES - 1) / BODY_BYTES;
    ByteBuffer out = ByteBuffer.allocate((packets + 2) * TransportPackets.BYTES);
    if (key) {
      packet(out, PROGRAMS_PID, programsCounter++, true, ByteBuffer.wrap(programs));
      packet(out, PROGRAM_PID, programCounter++, true, ByteBuffer.wrap(program));
    }
    for (boolean first = true; data.hasRemaining(); first = false) {
      packet(out, VIDEO_PID, videoCounter++, first, data);
    }
    return out.flip();
  }

  private static void writePesHead(ByteBuffer out, int bytes, long time) {
    int length = bytes + PES_FIELDS_BYTES;
    out.putInt(0x1e0); // the first video stream
    out.putShort((short) (length > MAX_PES_LENGTH ? 0 : length));
    out.put((byte) 0x80).put((byte) 0x80).put((byte) 5); // a presentation time of 5 bytes follows
    out.put((byte) (0x21 | (time >> 29 & 0x0e)));
    out.putShort((short) (time >> 14 | 1));
    out.putShort((short) (time << 1 | 1));
  }

  /** Writes one packet with as much of the data as fits, preceded by stuffing if there is less. */
  private static void packet(ByteBuffer out, int pid, int counter, boolean first, ByteBuffer data) {
    int count = Math.min(data.remaining(), BODY_BYTES);
    int stuffing = BODY_BYTES - count;
    out.put((byte) TransportPackets.SYNC);
    out.putShort((short) ((first ? 0x4000 : 0) | pid));
    out.put((byte) ((stuffing > 0 ? 0x30 : 0x10) | (counter & 0x0f)));
    for (int i = 0; i < stuffing; i++) {
      out.put((byte) (i == 0 ? stuffing - 1 : i == 1 ? 0 : 0xff));
    }
    out.put(data.slice(data.position(), count));
    data.position(data.position() + count);
  }

  /** Returns a table as a section: pointer field, header, content and checksum. */
  private static byte[] section(int table, byte[] content) {
    int length = 5 + content.length + Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(1 + 3 + length);
    out.put((byte) 0);
    out.put((byte) table).putShort((short) (0xb000 | length));
    out.putShort((short) 1).put((byte) 0xc1).putShort((short) 0); // number, version, 1 of 1
    out.put(content);
    return out.putInt(checksum(out.array(), 1, out.position())).array();
  }

  private static byte[] shorts(int... values) {
    ByteBuffer out = ByteBuffer.allocate(values.length * Short.BYTES);
    for (int value : values) {
      out.putShort((short) value);
    }
    return out.array();
  }

  /** CRC-32/MPEG-2. */
  private static int checksum(byte[] bytes, int from, int to) {
    int crc = -1;
    for (int i = from; i < to; i++) {
      crc ^= bytes[i] << 24;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
      }
    }
    return crc;
  }
}
