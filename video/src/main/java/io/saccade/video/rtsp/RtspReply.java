package io.saccade.video.rtsp;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A reply of an RTSP host.
 *
 * @param status status code, 100 to 599
 * @param headers values by lower-case names
 * @param body the body; empty if there is none
 */
record RtspReply(int status, Map<String, List<String>> headers, String body) {
  static final int OK = 200;
  static final int UNAUTHORIZED = 401;

  /** All values of a header, in order. */
  List<String> all(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** The first value of a header; empty if it is absent. */
  Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  /** Whether the status is 3xx. */
  boolean isRedirect() {
    return status >= 300 && status < 400;
  }
}
