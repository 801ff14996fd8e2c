package io.saccade.video.sampling;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_PARAM_CHANGE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.saccade.video.VideoException;
import io.saccade.video.decode.Demuxer;
import io.saccade.video.decode.Ffmpeg;
import io.saccade.video.decode.StreamClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * An index of a video's packets in file order, which is decoding order, and of the frames that they
 * predict in presentation order. It is made by reading all packets without decoding any. See
 * decision 31 in {@code docs/decisions.md}.
 *
 * <p>How it works: {@link PacketGrammar} classifies each packet by its codec's headers. A video is
 * <em>regular</em> if every packet is understood and has a presentation time of its own, decoding
 * times ascend, parameter sets change only at entries, and the container is not damaged. The k-th
 * smallest time of a regular video is then that of its k-th frame, and the frame can be decoded
 * from an entry before its packet; {@link DecodePlan} selects the packets. The number of frames is
 * a prediction until it is compared with decoded frames. Takes about 20 bytes a packet.
 */
final class PacketIndex {
  private static final int FIRST_CAPACITY = 1024;

  /** The packet is not shown, because of an edit list or of its codec. */
  private static final int SKIPPED = PacketGrammar.HIDDEN;

  private final StreamClock clock;
  private final PtsRange range;
  private final Optional<PacketGrammar> grammar;

  private long[] times = new long[FIRST_CAPACITY];
  private byte[] kinds = new byte[FIRST_CAPACITY];
  private int packets;
  private int predicted;
  private int predictedInRange;
  private int keyFrames;
  private boolean damaged;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private final boolean mayEndInPacket;
  private boolean regular;
  private long lastDecodeTime = Long.MIN_VALUE;
  private int entries;
  private int headedEntries;
  private boolean looseHeaders;
  private int topLayer;
  private long end = Long.MIN_VALUE;

  /** The times of the frames shown, ascending, and for each the number of its packet. */
  private long[] shown = {};

  private int[] packetOf = {};
  private int firstInRange;
  private int framesInRange;

  private PacketIndex(Demuxer demuxer, PtsRange range) {
    this.clock = demuxer.clock();
    this.mayEndInPacket = !demuxer.indexed();
    this.range = range;
    this.grammar = PacketGrammar.of(demuxer.stream().codecpar());
    this.regular = grammar.isPresent() && !demuxer.decodeOrderTimes();
  }

  /**
   * Reads all packets of the demuxer.
   *
   * @param progress called with the share of the file that has been read, 0 to 1
   */
  static PacketIndex of(Demuxer demuxer, PtsRange range, DoubleConsumer progress)
      throws VideoException {
    PacketIndex index = new PacketIndex(demuxer, range);
    AVPacket packet = Ffmpeg.allocated(av_packet_alloc());
    try (SizeTPointer size = new SizeTPointer(1)) {
      while (demuxer.read(packet)) {
        index.add(packet, demuxer.timestamp(packet), size);
        av_packet_unref(packet);
        progress.accept(demuxer.shareRead());
      }
    } finally {
      av_packet_free(packet);
    }
    index.damaged = demuxer.damaged();
    index.finish();
    return index;
  }

  private void add(AVPacket packet, long time, SizeTPointer size) {
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    boolean empty = packet.size() == 0;
    boolean discarded = (packet.flags() & AV_PKT_FLAG_DISCARD) != 0 || empty;
    keyFrames += key ? 1 : 0;
    if (!discarded) {
      long nanos = clock.nanos(time, predicted++);
      predictedInRange += range.contains(nanos) ? 1 : 0;
      first = Math.min(first, nanos);
      last = Math.max(last, nanos);
    }
    regular &= !empty && time != AV_NOPTS_VALUE && packet.pts() != AV_NOPTS_VALUE;
    regular &= packet.dts() == AV_NOPTS_VALUE || packet.dts() > lastDecodeTime;
    regular &= packet.side_data_elems() == 0 || !changesDecoder(packet, size);
    lastDecodeTime = Math.max(lastDecodeTime, packet.dts());
    if (regular) {
      record(packet, time, key, discarded);
    }
  }

  private static boolean changesDecoder(AVPacket packet, SizeTPointer size) {
    return av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, size) != null
        || av_packet_get_side_data(packet, AV_PKT_DATA_PARAM_CHANGE, size) != null;
  }

  private void record(AVPacket packet, long time, boolean key, boolean discarded) {
    int kind =
        grammar.orElseThrow().read(packet.data().capacity(packet.size()).asByteBuffer(), key);
    boolean entry = (kind & PacketGrammar.ENTRY) != 0;
    boolean headed = (kind & PacketGrammar.HEADERS) != 0;
    entries += entry ? 1 : 0;
    headedEntries += entry && headed ? 1 : 0;
    looseHeaders |= headed && !entry;
    topLayer = Math.max(topLayer, kind >> PacketGrammar.LAYER_SHIFT);
    regular = (kind & PacketGrammar.UNCLEAR) == 0 && (packets > 0 || entry);
    if (packets == times.length) {
      times = Arrays.copyOf(times, 2 * packets);
      kinds = Arrays.copyOf(kinds, 2 * packets);
    }
    times[packets] = time;
    kinds[packets++] = (byte) (discarded ? kind | SKIPPED : kind);
    if (!discarded) {
      long nanos = clock.nanos(time, 0);
      long length = packet.duration() > 0 ? clock.nanos(packet.duration(), 0) : clock.frameNanos();
      end = range.contains(nanos) ? Math.max(end, nanos + length) : end;
    }
  }

  private void finish() {
    regular &= !damaged && packets > 0 && !looseHeaders;
    regular &= headedEntries == 0 || headedEntries == entries;
    regular &= distinct();
    if (!regular) {
      times = new long[0];
      kinds = new byte[0];
      return;
    }
    int count = 0;
    shown = new long[packets];
    for (int i = 0; i < packets; i++) {
      if (isShown(i)) {
        shown[count++] = times[i];
      }
    }
    shown = Arrays.copyOf(shown, count);
    Arrays.sort(shown);
    packetOf = new int[count];
    for (int i = 0; i < packets; i++) {
      if (isShown(i)) {
        packetOf[rank(times[i])] = i;
      }
    }
    // A frame shown before the first packet needs packets that the file does not have.
    regular = count > 0 && times[0] <= shown[0];
    while (firstInRange < count && !range.contains(clock.nanos(shown[firstInRange], 0))) {
      firstInRange++;
    }
    while (firstInRange + framesInRange < count
        && range.contains(clock.nanos(shown[firstInRange + framesInRange], 0))) {
      framesInRange++;
    }
  }

  private boolean distinct() {
    long[] sorted = Arrays.copyOf(times, packets);
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the video is regular (see above). If it is not, only the counts of this index are
   * meaningful, and the whole video has to be decoded.
   */
  boolean regular() {
    return regular;
  }

  /** The predicted number of frames in the range. */
  int framesInRange() {
    return regular ? framesInRange : predictedInRange;
  }

  /** The predicted number of frames in the whole video. */
  int frames() {
    return regular ? shown.length : predicted;
  }

  /** The number of packets that the container marks as key frames. */
  int keyFrames() {
    return keyFrames;
  }

  /** Frames per second, positive. */
  double frameRate() {
    return clock.framesPerSecond();
  }

  /** The time from the first frame to the last one, according to the packets. */
  Duration span() {
    return last < first ? Duration.ZERO : Duration.ofNanos(last).minusNanos(first);
  }

  /** Whether the container is damaged. */
  boolean damaged() {
    return damaged;
  }

  /**
   * Whether the container stores no packet sizes, so that a file may be cut within its last packet
   * and only decoding that packet shows it.
   */
  boolean mayEndInPacket() {
    return mayEndInPacket;
  }

  /** The number of packets; the methods below are defined for a regular video only. */
  int packets() {
    return packets;
  }

  /** The presentation time of a packet in the stream's time base. */
  long time(int packet) {
    return times[packet];
  }

  /** Whether decoding may begin at the packet. */
  boolean isEntry(int packet) {
    return (kinds[packet] & PacketGrammar.ENTRY) != 0;
  }

  /** Whether the packet gives a frame that is shown. */
  boolean isShown(int packet) {
    return (kinds[packet] & SKIPPED) == 0;
  }

  /** Whether no other packet needs this one. */
  boolean isDisposable(int packet) {
    int kind = kinds[packet];
    return (kind & PacketGrammar.DISPOSABLE) != 0
        && (kind & PacketGrammar.HEADERS) == 0
        && (kind & 0xff) >> PacketGrammar.LAYER_SHIFT == topLayer;
  }

  /** The index in the whole video of the frame shown at a time; negative if there is none. */
  int rank(long time) {
    return Arrays.binarySearch(shown, time);
  }

  /** The packet of frame {@code rank} of the whole video. */
  int packetShown(int rank) {
    return packetOf[rank];
  }

  /** The packet of frame {@code index} of the range. */
  int packetOf(int index) {
    return packetOf[firstInRange + index];
  }

  /** The index in the range of frame {@code rank} of the whole video. */
  int indexInRange(int rank) {
    return rank - firstInRange;
  }

  /** The presentation time of frame {@code index} of the range in nanoseconds. */
  long nanos(int index) {
    return clock.nanos(shown[firstInRange + index], 0);
  }

  /** The end of the last frame of the range in nanoseconds. */
  long end() {
    return end;
  }
}
