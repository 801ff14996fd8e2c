package io.saccade.telemetry;

/** A stage of a question's way; a field of the contract's {@code StageTimings} each. */
public enum Stage {
  /** From the question to its inference request. */
  ROUTING,
  /** Part of routing: decoding the clip. */
  SAMPLING,
  /** Part of routing: publishing the clip's frames. */
  FRAME_PUBLISH,
  /** Waiting for the worker, for memory and for a place in the batch. */
  QUEUE,
  /** Reading the clip's frames from the log. */
  TRANSPORT,
  /** Looking at the clip. */
  VISION,
  /** From the prompt to the first token. */
  PREFILL,
  /** From the first to the last token. */
  DECODE,
  /** From the result to the answer. */
  PUBLISH,
  /** From the question to the answer. */
  TOTAL
}
