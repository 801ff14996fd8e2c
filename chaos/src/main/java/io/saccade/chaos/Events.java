package io.saccade.chaos;

/** Listens to the failures of a service's processes; called from any thread. */
interface Events {

  /** A failure began; its end is not known yet and equals its begin. */
  void began(Failure failure);

  /** A process was started again or continued; the failure has its end. */
  void ended(Failure failure);

  /** The run deviated from its plan, described in a sentence, so that it is not sound. */
  void problem(String sentence);
}
