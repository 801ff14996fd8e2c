package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The header of a trace")
final class TraceHeadersTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  @DisplayName("carries a traceparent from writer to reader")
  void carries() {
    assertThat(TraceHeaders.read(new RecordHeaders(TraceHeaders.of(TRACEPARENT))))
        .isEqualTo(TRACEPARENT);
  }

  @Test
  @DisplayName("is absent where there is no trace")
  void absent() {
    assertThat(TraceHeaders.of("")).isEmpty();
    assertThat(TraceHeaders.read(new RecordHeaders())).isEmpty();
  }

  @Test
  @DisplayName("is ignored where it has no value or is far too long")
  void hostile() {
    assertThat(TraceHeaders.read(headers(null))).isEmpty();
    assertThat(TraceHeaders.read(headers(new byte[1 << 20]))).isEmpty();
    assertThat(TraceHeaders.read(headers("né".getBytes(StandardCharsets.UTF_8)))).hasSize(3);
  }

  private static RecordHeaders headers(byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", value);
    return headers;
  }
}
