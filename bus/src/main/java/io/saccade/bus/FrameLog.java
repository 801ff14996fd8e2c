package io.saccade.bus;

import io.saccade.proto.FrameEncoding;
import io.saccade.proto.FrameFormatException;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.Pathway;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a clip's frames, or those of one pathway, from the log by the manifest's offsets, checks
 * and decodes them. A member of no group. Confined to one thread.
 */
public final class FrameLog implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /** Records between two of ours that are cheaper to read than to seek over. */
  private static final long SEEK_OVER = 16;

  private final String topic;
  private final Consumer<String, Parsed<FrameTensor>> consumer;

  /** How many partitions the topic had when last asked. */
  private int partitions;

  /** Opens a consumer, which {@link #close} closes. */
  public FrameLog(BusConfig bus) {
    this(bus.name(Topics.FRAMES), open(bus));
  }

  /**
   * Reads through a given consumer, which {@link #close} closes.
   *
   * @param topic the name of the frames on this bus
   * @param consumer without a group, and without a position to fall back to: {@code
   *     auto.offset.reset} is {@code none}
   */
  public FrameLog(String topic, Consumer<String, Parsed<FrameTensor>> consumer) {
    this.topic = topic;
    this.consumer = consumer;
  }

  private static Consumer<String, Parsed<FrameTensor>> open(BusConfig bus) {
    Map<String, Object> settings = bus.consumer();
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // A fetch that waits at the log's end would hold back the next clip's first fetch.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
    return BusConfig.openConsumer(settings, ProtoSerdes.deserializer(Topics.FRAMES));
  }

  /**
   * Reads the frames that a pathway of a clip sees.
   *
   * @param clip a manifest with frames
   * @param pathway FAST or SLOW for the positions that feed it, BOTH for all positions
   * @param cancelled asked while waiting for the broker; once true, an exception ends the wait
   * @return one frame a position, in the manifest's order
   * @throws FramesExpiredException if a frame is gone, or is not the one that the manifest names
   * @throws IllegalArgumentException if the pathway is none of the three
   */
  public List<ClipFrame> read(ClipManifest clip, Pathway pathway, BooleanSupplier cancelled)
      throws FramesExpiredException {
    List<FrameEntry> entries =
        clip.getFramesList().stream().filter(entry -> feeds(entry.getPathway(), pathway)).toList();
    SortedMap<Long, FrameEntry> wanted = new TreeMap<>();
    entries.forEach(entry -> wanted.putIfAbsent(entry.getOffset(), entry));
    Map<Long, ByteBuffer> pixels = wanted.isEmpty() ? Map.of() : fetch(clip, wanted, cancelled);
    return entries.stream().map(entry -> frame(entry, pixels.get(entry.getOffset()))).toList();
  }

  private static boolean feeds(Pathway position, Pathway asked) {
    return switch (asked) {
      case FAST, SLOW -> position == asked || position == Pathway.BOTH;
      case BOTH -> true;
      case PATHWAY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(asked + " is no pathway: ask for FAST, SLOW or BOTH");
    };
  }

  private static ClipFrame frame(FrameEntry entry, ByteBuffer rgb) {
    return new ClipFrame(
        entry.getPosition(),
        entry.getFrameIndex(),
        Times.java(entry.getPts()),
        entry.getPathway(),
        rgb);
  }

  /**
   * Reads the records at some offsets.
   *
   * @param wanted by offset, at least one, each with an entry that names it; emptied
   */
  private Map<Long, ByteBuffer> fetch(
      ClipManifest clip, SortedMap<Long, FrameEntry> wanted, BooleanSupplier cancelled)
      throws FramesExpiredException {
    Map<Long, ByteBuffer> pixels = new HashMap<>();
    TopicPartition partition = existing(clip.getPartition());
    consumer.assign(List.of(partition));
    try {
      consumer.seek(partition, wanted.firstKey());
      while (!wanted.isEmpty()) {
        take(clip, wanted, pixels);
        skip(partition, wanted, cancelled);
      }
    } catch (OffsetOutOfRangeException e) {
      throw new FramesExpiredException("the log no longer holds the clip's frames");
    } finally {
      consumer.unsubscribe();
    }
    return pixels;
  }

  /** Reading a partition that is not there would wait for ever. */
  private TopicPartition existing(int partition) throws FramesExpiredException {
    if (partition >= partitions) {
      partitions = consumer.partitionsFor(topic).size();
    }
    if (partition < 0 || partition >= partitions) {
      throw new FramesExpiredException("the frames have no partition " + partition);
    }
    return new TopicPartition(topic, partition);
  }

  private void take(
      ClipManifest clip, SortedMap<Long, FrameEntry> wanted, Map<Long, ByteBuffer> pixels)
      throws FramesExpiredException {
    for (ConsumerRecord<String, Parsed<FrameTensor>> record : consumer.poll(POLL)) {
      if (wanted.isEmpty()) {
        return;
      }
      if (record.offset() > wanted.firstKey()) {
        throw new FramesExpiredException("the log no longer holds all of the clip's frames");
      }
      FrameEntry entry = wanted.remove(record.offset());
      if (entry != null) {
        pixels.put(record.offset(), pixels(clip, entry, record.value()));
      }
    }
  }

  private void skip(
      TopicPartition partition, SortedMap<Long, FrameEntry> wanted, BooleanSupplier cancelled)
      throws FramesExpiredException {
    if (wanted.isEmpty()) {
      return;
    }
    long position = consumer.position(partition);
    if (position > wanted.firstKey()) {
      throw new FramesExpiredException("the log no longer holds all of the clip's frames");
    }
    if (wanted.firstKey() - position > SEEK_OVER) {
      consumer.seek(partition, wanted.firstKey());
    }
    if (cancelled.getAsBoolean()) {
      throw new FramesExpiredException("cancelled while reading the clip's frames");
    }
  }

  private static ByteBuffer pixels(ClipManifest clip, FrameEntry entry, Parsed<FrameTensor> record)
      throws FramesExpiredException {
    if (!(record instanceof Parsed.Valid<FrameTensor> valid)) {
      throw mismatch(entry, "holds no frame");
    }
    FrameTensor frame = valid.message();
    if (!frame.getClipId().equals(owner(clip)) || frame.getFrameIndex() != entry.getFrameIndex()) {
      throw mismatch(entry, "holds another frame");
    }
    if (FrameEncoding.crc32c(frame.getData()) != entry.getCrc32C()) {
      throw mismatch(entry, "holds a frame with another checksum");
    }
    try {
      return FrameEncoding.decode(frame, clip.getProfile().getImageSize());
    } catch (FrameFormatException e) {
      throw mismatch(entry, "holds " + e.getMessage());
    }
  }

  /** What a clip's frames are named by: those of a live feed by the session that windows share. */
  private static String owner(ClipManifest clip) {
    return clip.hasWindow() ? clip.getWindow().getSession() : clip.getClipId();
  }

  private static FramesExpiredException mismatch(FrameEntry entry, String what) {
    return new FramesExpiredException("offset " + entry.getOffset() + " of the frames " + what);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
