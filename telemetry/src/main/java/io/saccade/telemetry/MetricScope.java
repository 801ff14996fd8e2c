package io.saccade.telemetry;

import java.util.Locale;

/** Who counts or measures something. */
public enum MetricScope {
  /** The question router. */
  ROUTER,
  /** The frame sampler, on clips. */
  SAMPLER,
  /** The frame sampler, on live feeds. */
  FEEDS,
  /** The inference worker. */
  WORKER,
  /** Each of the roles above, told apart by the tag {@code role}. */
  EACH_ROLE,
  /** The process. */
  PROCESS;

  /** The name in tags, logs and health reports: {@code router}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
