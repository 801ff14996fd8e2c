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
 * Publishes one record and says so, once it is acknowledged.
 *
 * @param bus where it goes
 * @param output where it is printed
 */
record Publishing(BusOptions bus, Output output) {

  /** How long the broker may take to acknowledge a record. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Publishes a record.
   *
   * @param topic must exist
   * @param publish what is done with the open publisher
   * @param record printed as JSON if that was asked for; of a withdrawal the id alone
   * @param line printed for people, before where the record lies
   * @return the command's exit code
   */
  int run(
      Topic<?> topic,
      Function<Publisher, CompletableFuture<RecordMetadata>> publish,
      MessageOrBuilder record,
      String line) {
    BusConfig config = bus.config();
    BusCheck.require(config, topic);
    try (Publisher publisher = Publisher.open(config)) {
      RecordMetadata at = Publisher.await(publish.apply(publisher), PATIENCE);
      output.print(record, line + " at " + at);
    }
    return ExitCode.OK;
  }
}
