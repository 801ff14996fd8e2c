package io.saccade.video.sampling;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * The packets that have to be decoded to get the wanted frames of a regular video. See decisions 31
 * and 32 in {@code docs/decisions.md}.
 *
 * <p>How it works: the packets are divided into groups, each from one entry (a packet where
 * decoding may begin) to the next. The groups are visited from the last to the first. A group
 * without a wanted frame is skipped. Of the others these packets are skipped: those behind the last
 * wanted frame, disposable pictures that are not wanted, and leading pictures, which are shown
 * before the entry and may need the group before. If a leading picture is wanted, the run begins at
 * an earlier entry and includes the group before as a whole. If the container stores no packet
 * sizes, the last packet is always decoded, because only decoding shows whether the file is cut
 * within it.
 */
final class DecodePlan {

  /**
   * Packets that can be decoded without any others.
   *
   * @param first the first packet, which is an entry
   * @param end one past the last packet
   * @param frames number of frames that the decoder has to output
   */
  record Run(int first, int end, int frames) {}

  private final PacketIndex index;
  private final BitSet wanted = new BitSet();
  private final BitSet sent = new BitSet();
  private final List<Run> runs = new ArrayList<>();

  /**
   * Plans the decoding of frames of the range.
   *
   * @param index the index of a regular video
   * @param indices the indices of the wanted frames in the range; ascending, may repeat
   */
  DecodePlan(PacketIndex index, int[] indices) {
    this.index = index;
    for (int i : indices) {
      wanted.set(index.packetOf(i));
    }
    if (index.mayEndInPacket()) {
      wanted.set(index.packets() - 1);
    }
    planBackwards();
    Collections.reverse(runs);
  }

  private void planBackwards() {
    int groupEnd = index.packets();
    int runEnd = 0;
    boolean whole = false; // the group behind needs this whole group
    for (int packet = groupEnd - 1; packet >= 0; packet--) {
      if (!index.isEntry(packet)) {
        continue;
      }
      int last = whole ? groupEnd - 1 : wanted.previousSetBit(groupEnd - 1);
      groupEnd = packet;
      if (last < packet) {
        continue;
      }
      runEnd = whole ? runEnd : last + 1;
      whole = wantsLeading(packet, last);
      send(packet, last, !whole);
      if (!whole) {
        runs.add(new Run(packet, runEnd, framesSent(packet, runEnd)));
      }
    }
  }

  private boolean wantsLeading(int entry, int last) {
    for (int i = wanted.nextSetBit(entry); i >= 0 && i <= last; i = wanted.nextSetBit(i + 1)) {
      if (isLeading(i, entry)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLeading(int packet, int entry) {
    return index.time(packet) < index.time(entry);
  }

  private void send(int entry, int last, boolean begins) {
    for (int i = entry; i <= last; i++) {
      boolean skipped = begins && isLeading(i, entry);
      boolean needed = wanted.get(i) || !index.isDisposable(i) || !index.isShown(i);
      sent.set(i, needed && !skipped);
    }
  }

  private int framesSent(int first, int end) {
    int frames = 0;
    for (int i = sent.nextSetBit(first); i >= 0 && i < end; i = sent.nextSetBit(i + 1)) {
      frames += index.isShown(i) ? 1 : 0;
    }
    return frames;
  }

  /** The runs in the order of their packets, which is also the order of their wanted frames. */
  List<Run> runs() {
    return runs;
  }

  /** Whether the packet is sent to the decoder. */
  boolean sends(int packet) {
    return sent.get(packet);
  }

  /** The number of packets that are sent to the decoder, in all runs. */
  int packetsSent() {
    return sent.cardinality();
  }
}
