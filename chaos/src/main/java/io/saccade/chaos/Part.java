package io.saccade.chaos;

import java.util.Locale;

/** What a process of the service is. */
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

  /** How many of them a service has. */
  int nodes() {
    return nodes;
  }

  /** The most heap that one gets, in MiB. */
  int heapMib() {
    return heapMib;
  }

  /** For people. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
