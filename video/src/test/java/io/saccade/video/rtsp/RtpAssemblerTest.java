package io.saccade.video.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.feed.RtpPacket;
import io.saccade.video.feed.TransportPackets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtpAssemblerTest {
  private static final int PROGRAMS_PID = 0;
  private static final int VIDEO_PID = 0x100;
  private static final int MAX_SKIPPED = 300;
  private static final byte[] SET = {0, 0, 0, 1, 0x67, 0x42};

  private final List<ByteBuffer> out = new ArrayList<>();
  private int sequence;

  @Test
  void aStartWithoutAKeyPictureHasTablesAndParameterSetsToo() throws Exception {
    RtpAssembler assembler =
        new RtpAssembler(
            SessionDescription.parse(
                """
                m=video 0 RTP/AVP 96
                a=rtpmap:96 H264/90000
                a=fmtp:96 sprop-parameter-sets=Z0I=,aM4=
                """),
            out::add);
    for (int i = 0; i < MAX_SKIPPED; i++) {
      assembler.add(picture());
    }
    assertThat(out).isEmpty();

    assembler.add(picture());
    assembler.add(picture());

    assertThat(out).extracting(RtpAssemblerTest::pid).containsExactly(PROGRAMS_PID, VIDEO_PID);
    assertThat(out.get(0).array()).containsSequence(SET);
    assertThat(out.get(1).remaining()).as("the picture alone").isEqualTo(TransportPackets.BYTES);
  }

  private static int pid(ByteBuffer packets) {
    return packets.getShort(1) & 0x1fff;
  }

  /** One that refers to others, in one packet. */
  private RtpPacket picture() {
    ByteBuffer packet = ByteBuffer.allocate(16);
    packet.put((byte) 0x80).put((byte) (0x80 | 96)).putShort((short) sequence++);
    packet.putInt(3600 * sequence).putInt(7).put(new byte[] {0x41, 1, 2, 3}).flip();
    return RtpPacket.parse(packet).orElseThrow();
  }
}
