package io.saccade.worker;

import com.google.protobuf.ByteString;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.PixelEncoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a clip's frames from the log by the manifest's offsets and checks them. Confined to one
 * thread.
 */
final class FrameLog implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /** Other clips' records between two of ours that are cheaper to read than to seek over. */
  private static final long SEEK_OVER = 16;

  private final String topic;
  private final int imageSize;
  private final Consumer<String, Parsed<FrameTensor>> consumer;

  /** How many partitions the topic had when last asked. */
  private int partitions;

  /**
   * Opens a consumer, which {@link #close} closes.
   *
   * @param imageSize S: a frame must be S x S x 3 bytes
   */
  FrameLog(BusConfig bus, int imageSize) {
    this(bus.name(Topics.FRAMES), imageSize, open(bus));
  }

  FrameLog(String topic, int imageSize, Consumer<String, Parsed<FrameTensor>> consumer) {
    this.topic = topic;
    this.imageSize = imageSize;
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
   * Reads the frames of a clip.
   *
   * @param cancelled asked while waiting for the broker; once true, an exception ends the wait
   * @return one buffer a position, in order; positions that repeat a frame share it
   * @throws FramesExpiredException if a frame is gone, or is not the one that the manifest names
   */
  List<ByteBuffer> read(ClipManifest clip, BooleanSupplier cancelled)
      throws FramesExpiredException {
    SortedMap<Long, List<FrameEntry>> wanted = new TreeMap<>();
    for (FrameEntry entry : clip.getFramesList()) {
      wanted.computeIfAbsent(entry.getOffset(), offset -> new ArrayList<>()).add(entry);
    }
    ByteBuffer[] frames = new ByteBuffer[clip.getFramesCount()];
    TopicPartition partition = existing(clip.getPartition());
    consumer.assign(List.of(partition));
    try {
      seek(partition, wanted.firstKey());
      while (!wanted.isEmpty()) {
        take(clip, wanted, frames);
        skip(partition, wanted, cancelled);
      }
    } catch (OffsetOutOfRangeException e) {
      throw new FramesExpiredException("the log no longer holds the clip's frames");
    } finally {
      consumer.unsubscribe();
    }
    return Arrays.asList(frames);
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
      ClipManifest clip, SortedMap<Long, List<FrameEntry>> wanted, ByteBuffer[] frames)
      throws FramesExpiredException {
    for (ConsumerRecord<String, Parsed<FrameTensor>> record : consumer.poll(POLL)) {
      if (wanted.isEmpty()) {
        return;
      }
      if (record.offset() > wanted.firstKey()) {
        throw new FramesExpiredException("the log no longer holds all of the clip's frames");
      }
      List<FrameEntry> entries = wanted.remove(record.offset());
      if (entries != null) {
        ByteBuffer pixels = pixels(clip, entries.get(0), record.value());
        entries.forEach(entry -> frames[entry.getPosition()] = pixels);
      }
    }
  }

  private void skip(
      TopicPartition partition, SortedMap<Long, List<FrameEntry>> wanted, BooleanSupplier cancelled)
      throws FramesExpiredException {
    if (wanted.isEmpty()) {
      return;
    }
    long position = consumer.position(partition);
    if (position > wanted.firstKey()) {
      throw new FramesExpiredException("the log no longer holds all of the clip's frames");
    }
    if (wanted.firstKey() - position > SEEK_OVER) {
      seek(partition, wanted.firstKey());
    }
    if (cancelled.getAsBoolean()) {
      throw new FramesExpiredException("cancelled while reading the clip's frames");
    }
  }

  private void seek(TopicPartition partition, long offset) {
    consumer.seek(partition, offset);
  }

  private ByteBuffer pixels(ClipManifest clip, FrameEntry entry, Parsed<FrameTensor> record)
      throws FramesExpiredException {
    if (!(record instanceof Parsed.Valid<FrameTensor> valid)) {
      throw mismatch(entry, "holds no frame");
    }
    FrameTensor frame = valid.message();
    if (!frame.getClipId().equals(clip.getClipId())
        || frame.getFrameIndex() != entry.getFrameIndex()) {
      throw mismatch(entry, "holds another frame");
    }
    ByteString data = frame.getData();
    if (frame.getEncoding() != PixelEncoding.RAW_RGB_HWC_UINT8
        || data.size() != imageSize * imageSize * 3) {
      throw mismatch(entry, "holds a frame of another size or encoding");
    }
    ByteBuffer pixels = data.asReadOnlyByteBuffer();
    CRC32C crc = new CRC32C();
    crc.update(pixels.duplicate());
    if ((int) crc.getValue() != entry.getCrc32C()) {
      throw mismatch(entry, "holds a frame with another checksum");
    }
    return pixels;
  }

  private static FramesExpiredException mismatch(FrameEntry entry, String what) {
    return new FramesExpiredException("offset " + entry.getOffset() + " of the frames " + what);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
