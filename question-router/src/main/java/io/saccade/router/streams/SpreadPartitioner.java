package io.saccade.router.streams;

import com.google.protobuf.MessageLite;
import io.saccade.proto.v1.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Puts an inference request into the partition {@code spread} places after the partition of its
 * video, modulo the number of partitions.
 */
final class SpreadPartitioner implements StreamPartitioner<String, MessageLite> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, MessageLite value, int partitions) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    int home = Utils.toPositive(Utils.murmur2(bytes)) % partitions;
    int spread = value instanceof InferenceRequest request ? request.getSpread() : 0;
    return Optional.of(Set.of((home + spread % partitions) % partitions));
  }
}
