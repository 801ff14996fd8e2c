package io.saccade.sampler.record;

import io.saccade.proto.v1.FrameEntry;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A frame of a feed on its way to the log.
 *
 * @param slot of its session that it stands for
 * @param pts presentation time in nanoseconds since the session's first frame
 * @param received when it was decoded
 * @param entry all of its entry but position, pathway and offset
 * @param acknowledged where it lies
 */
public record SentFrame(
    long slot,
    long pts,
    Instant received,
    FrameEntry entry,
    CompletableFuture<RecordMetadata> acknowledged) {}
