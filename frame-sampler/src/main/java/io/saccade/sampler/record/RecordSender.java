package io.saccade.sampler.record;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Topic;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Where records go; {@link io.saccade.bus.ContractProducer#send} but in tests. */
@FunctionalInterface
public interface RecordSender {

  /** Sends a message under a key; completes when it is acknowledged, with where it lies. */
  <V extends MessageLite> CompletableFuture<RecordMetadata> send(
      Topic<V> topic, String key, V message);
}
