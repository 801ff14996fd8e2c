package io.saccade.worker;

import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Remembers what became of a request. */
final class Asked implements RequestCallback {

  final List<AnswerChunk> chunks = new ArrayList<>();
  boolean cancelled;
  private final List<Result> results = new ArrayList<>();
  private int expired;
  private int dropped;

  /** The one result; fails if there is none, or more than that. */
  Result result() {
    if (outcomes() != 1 || results.isEmpty()) {
      throw new AssertionError(results + ", expired " + expired + ", dropped " + dropped);
    }
    return results.get(0);
  }

  boolean isAnswered() {
    return !results.isEmpty();
  }

  boolean isExpired() {
    return expired > 0;
  }

  boolean isDropped() {
    return dropped > 0;
  }

  /** How often its end was told. */
  int outcomes() {
    return results.size() + expired + dropped;
  }

  /** All chunks' texts joined. */
  String streamed() {
    return chunks.stream().map(AnswerChunk::getText).collect(Collectors.joining());
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void chunk(AnswerChunk chunk) {
    chunks.add(chunk);
  }

  @Override
  public void answered(Result result) {
    results.add(result);
  }

  @Override
  public void expired() {
    expired++;
  }

  @Override
  public void dropped() {
    dropped++;
  }
}
