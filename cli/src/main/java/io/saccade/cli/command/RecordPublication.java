package io.saccade.cli.command;

import com.google.protobuf.MessageOrBuilder;
import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.Output;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.Publisher;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes one record, and prints it once the broker has acknowledged it.
 *
 * @param bus settings of the client
 * @param output prints the record
 */
record RecordPublication(BusOptions bus, Output output) {

  /** How long the broker may take to acknowledge a record. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * Publishes a record.
   *
   * @param topic of the record
   * @param publish sends the record with the publisher that it is given
   * @param record printed with {@code --json}; for a withdrawal it has the id only
   * @param line printed without {@code --json}, followed by the record's partition and offset
   * @return the command's exit code
   * @throws io.saccade.ingest.IngestException if the topic does not exist or the broker does not
   *     acknowledge the record in time
   */
  int run(
      Topic<?> topic,
      Function<Publisher, CompletableFuture<RecordMetadata>> publish,
      MessageOrBuilder record,
      String line) {
    BusConfig config = bus.config();
    BusCheck.require(config, topic);
    try (Publisher publisher = Publisher.open(config)) {
      RecordMetadata at = Publisher.await(publish.apply(publisher), TIMEOUT);
      output.print(record, line + " at " + at);
    }
    return ExitCode.OK;
  }
}
