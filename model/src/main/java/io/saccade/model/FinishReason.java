package io.saccade.model;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer. */
  STOP,
  /** The limit of new tokens was reached. */
  LENGTH,
  /** The caller cancelled it; the text is what there was by then. */
  CANCELLED
}
