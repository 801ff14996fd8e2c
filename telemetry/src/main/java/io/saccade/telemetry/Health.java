package io.saccade.telemetry;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * How a role is.
 *
 * @param detail a phrase for people: what it waits for, or why it failed; holds no secrets
 */
public record Health(State state, String detail) {

  /** How a role is, the better first. */
  public enum State {
    /** It does its work. */
    READY,
    /** It cannot work yet, or for now: no partitions, stores being restored, a model loading. */
    STARTING,
    /** It was told to stop. */
    STOPPED,
    /** It could not go on; its process should be started anew. */
    FAILED
  }

  /** It does its work. */
  public static Health ready(String detail) {
    return new Health(State.READY, detail);
  }

  /** It cannot work yet. */
  public static Health starting(String detail) {
    return new Health(State.STARTING, detail);
  }

  /** It was told to stop. */
  public static Health stopped() {
    return new Health(State.STOPPED, "stopped");
  }

  /** It could not go on. */
  public static Health failed(Throwable reason) {
    boolean wrapped = reason instanceof CompletionException && reason.getCause() != null;
    return new Health(State.FAILED, (wrapped ? reason.getCause() : reason).toString());
  }

  /**
   * Its health until it ends, and from then on that it has stopped or failed.
   *
   * @param end completes exceptionally when the role could not go on
   */
  public static Health until(CompletionStage<?> end, Supplier<Health> before) {
    CompletableFuture<?> ended = end.toCompletableFuture();
    if (!ended.isDone()) {
      return before.get();
    }
    return ended.handle((done, failure) -> failure == null ? stopped() : failed(failure)).join();
  }

  /** The worst of several parts' health; all of them must be well. */
  public static Health worst(List<Health> parts) {
    return parts.stream()
        .max(Comparator.comparing(Health::state))
        .orElseThrow(() -> new IllegalArgumentException("no parts"));
  }

  /** Whether it does its work. */
  public boolean isReady() {
    return state == State.READY;
  }
}
