package io.saccade.worker;

import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.Result;

/**
 * Where a request came from and what becomes of it. All but {@link #cancelled} is called on the
 * inference thread and must neither block nor throw; of the last three exactly one, once, unless
 * the worker stops before.
 */
interface RequestCallback {

  /** Whether somebody else takes the request; one that has begun is finished nevertheless. */
  boolean cancelled();

  /** A piece of the answer. */
  void chunk(AnswerChunk chunk);

  /** The result. */
  void answered(Result result);

  /** The deadline passed, and nobody waits any more. */
  void expired();

  /** The request was cancelled before it had begun. */
  void dropped();
}
