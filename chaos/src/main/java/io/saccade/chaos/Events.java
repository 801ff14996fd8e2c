package io.saccade.chaos;

/** What happens to the processes of a service, told from any thread. */
interface Events {

  /** A process was hit; the failure's end is not known yet. */
  void began(Failure failure);

  /** A process is back. */
  void ended(Failure failure);

  /** Something went another way than planned, in a sentence; the run proves nothing then. */
  void trouble(String what);
}
