package io.saccade.video.sampling;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * Which packets have to be decoded to see the wanted frames of a regular video. Groups of pictures
 * without a wanted frame are left out, and so are the rest of a group behind its last wanted frame,
 * pictures that no other one needs, and pictures that are shown before the one where decoding
 * begins.
 */
final class DecodePlan {

  /**
   * Packets to decode on their own.
   *
   * @param first the packet to begin with, an entry
   * @param end one past the last packet
   * @param frames frames that must come out
   */
  record Run(int first, int end, int frames) {}

  private final PacketIndex index;
  private final BitSet wanted = new BitSet();
  private final BitSet sent = new BitSet();
  private final List<Run> runs = new ArrayList<>();

  /**
   * A plan for frames of the range.
   *
   * @param index of a regular video
   * @param indices ascending, may repeat
   */
  DecodePlan(PacketIndex index, int[] indices) {
    this.index = index;
    for (int i : indices) {
      wanted.set(index.packetOf(i));
    }
    if (index.endsAnywhere()) {
      wanted.set(index.packets() - 1);
    }
    planBackwards();
    Collections.reverse(runs);
  }

  private void planBackwards() {
    int groupEnd = index.packets();
    int runEnd = 0;
    boolean whole = false; // the group behind needs all of this one
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

  /** The runs in the order of their packets, which is also that of their wanted frames. */
  List<Run> runs() {
    return runs;
  }

  /** Whether the packet goes to the decoder. */
  boolean sends(int packet) {
    return sent.get(packet);
  }

  /** Packets that go to the decoder, of all runs together. */
  int packetsSent() {
    return sent.cardinality();
  }
}
