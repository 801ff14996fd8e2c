package io.saccade.chaos;

import java.util.Locale;

/** The kinds of processes of the service. */
public enum Part {
  /** A Kafka broker and controller. */
  BROKER(3, 256),
  /** A frame sampler. */
  SAMPLER(2, 128),
  /** A question router. */
  ROUTER(2, 192),
  /** An inference worker. */
  WORKER(3, 192);

  private final int nodes;
  private final int heapMib;

  Part(int nodes, int heapMib) {
    this.nodes = nodes;
    this.heapMib = heapMib;
  }

  /** The number of processes of this kind. */
  int nodes() {
    return nodes;
  }

  /** The largest heap of a process, in MiB. */
  int heapMib() {
    return heapMib;
  }

  /** The name in reports and of processes, in lower case. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
