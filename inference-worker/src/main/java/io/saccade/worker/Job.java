package io.saccade.worker;

import io.saccade.proto.Times;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Priority;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;

/** One request on its way to its result. Confined to the inference thread. */
final class Job implements AutoCloseable {

  private final InferenceRequest request;
  private final RequestCallback reply;
  private final Instant deadline;
  private final long arrived = System.nanoTime();
  private final Duration queuedBefore;
  private Engine.Answering answering;
  private long bytes;
  private long clipBytes;
  private double turn;
  private ClipLoad viewing;
  private ClipCache.Hold memory;
  private Instant heldSince;
  private boolean hasBegun;
  private long begun;
  private boolean refused;
  private int timesPassed;
  private int chunks;

  /**
   * A request that has just arrived.
   *
   * @param queued how long it waited until now
   */
  Job(InferenceRequest request, Duration queued, RequestCallback reply) {
    this.request = request;
    this.queuedBefore = queued;
    this.reply = reply;
    this.deadline = question().hasDeadline() ? Times.java(question().getDeadline()) : Instant.MAX;
  }

  InferenceRequest request() {
    return request;
  }

  Question question() {
    return request.getQuestion();
  }

  ClipManifest clip() {
    return request.getClip();
  }

  String clipId() {
    return clip().getClipId();
  }

  RequestCallback reply() {
    return reply;
  }

  Instant deadline() {
    return deadline;
  }

  /** Whether it is a window of a standing question, which gives way to all others. */
  boolean isStanding() {
    return request.getPriority() == Priority.STANDING;
  }

  /** Asks the engine for an answer to be; throws what {@link Engine#answering} does. */
  void prepare(Engine engine) {
    answering = engine.answering(question(), clip().getFramesCount());
    bytes = answering.bytes();
    clipBytes = engine.clipBytes(clip().getFramesCount());
  }

  Engine.Answering answering() {
    return answering;
  }

  /** Bytes that the answer takes. */
  long bytes() {
    return bytes;
  }

  /** Bytes that its clip takes. */
  long clipBytes() {
    return clipBytes;
  }

  /** Takes its turn among those who wait for the same. */
  void queue(double its) {
    turn = its;
  }

  /** Its turn among those of all videos. */
  double turn() {
    return turn;
  }

  /** Notes that there was no memory for it; whether that was for the first time. */
  boolean refuse() {
    boolean first = !refused;
    refused = true;
    return first;
  }

  /** Notes that somebody behind it got memory before it. */
  void pass() {
    timesPassed++;
  }

  /** How often somebody behind it got memory before it. */
  int timesPassed() {
    return timesPassed;
  }

  /** Notes that it waits for this look at its clip. */
  void await(ClipLoad look) {
    viewing = look;
  }

  /** Whether it waited for its clip to be looked at. */
  boolean waitedForClip() {
    return viewing != null;
  }

  /** Takes over the memory of its answer. */
  void hold(ClipCache.Hold held, Instant now) {
    memory = held;
    heldSince = now;
  }

  /** When it took its memory over. */
  Instant heldSince() {
    return heldSince;
  }

  /** What it holds, or null. */
  ClipCache.Hold memory() {
    return memory;
  }

  /** Whether memory and clip are there, so that it can begin. */
  boolean isReady() {
    return memory != null && memory.hasClip();
  }

  /** Begins the answer. */
  void begin() {
    answering.begin(memory.clip());
    begun = System.nanoTime();
    hasBegun = true;
  }

  /** Whether the answer has begun. */
  boolean hasBegun() {
    return hasBegun;
  }

  /** Sends the text that is new since the last time, if any. */
  void sendText(String worker) {
    String text = answering.takeText();
    if (!text.isEmpty()) {
      reply.chunk(
          AnswerChunk.newBuilder()
              .setQuestionId(question().getQuestionId())
              .setVideoId(question().getVideoId())
              .setAttempt(request.getAttempt())
              .setSequence(chunks++)
              .setText(text)
              .setWorker(worker)
              .build());
    }
  }

  /** From the request's record until its answer began, less the waits for its clip. */
  Duration queued() {
    long until = hasBegun ? begun : System.nanoTime();
    Duration here = Duration.ofNanos(until - arrived).minus(transport()).minus(vision());
    return queuedBefore.plus(here.isNegative() ? Duration.ZERO : here);
  }

  /** How long it waited for its clip's frames. */
  Duration transport() {
    return viewing == null ? Duration.ZERO : viewing.transport(arrived);
  }

  /** How long it waited for the look at its clip. */
  Duration vision() {
    return viewing == null ? Duration.ZERO : viewing.vision(arrived);
  }

  @Override
  public void close() {
    if (answering != null) {
      answering.close();
    }
    if (memory != null) {
      memory.close();
    }
  }
}
