package io.saccade.bus;

import io.saccade.telemetry.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A span's place in its trace, as a record's header {@code traceparent}. No other header is read or
 * passed on.
 */
public final class TraceHeaders {

  /** Bytes of a header that are looked at; a traceparent has 55. */
  private static final int MAX_BYTES = 128;

  private TraceHeaders() {}

  /** The text of the last such header, which may be anything; empty without one. */
  public static String read(Headers headers) {
    Header header = headers.lastHeader(Tracing.TRACEPARENT);
    return header == null || header.value() == null || header.value().length > MAX_BYTES
        ? ""
        : new String(header.value(), StandardCharsets.US_ASCII);
  }

  /** The header that carries it; none where it is empty. */
  public static List<Header> of(String traceparent) {
    return traceparent.isEmpty()
        ? List.of()
        : List.of(
            new RecordHeader(Tracing.TRACEPARENT, traceparent.getBytes(StandardCharsets.US_ASCII)));
  }
}
