package io.saccade.video.live;

import io.saccade.video.LiveFrame;
import io.saccade.video.LiveSink;
import io.saccade.video.SourceFacts;
import io.saccade.video.TestClip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps the frames of a live reader, session by session. Thread-safe. */
class LiveSessions implements LiveSink {
  private final List<Session> sessions = new ArrayList<>();
  private int stalls;

  /** One session. */
  record Session(SourceFacts facts, List<LiveFrame> frames, List<Duration> progress) {

    /** What its frames show. */
    List<Integer> numbers() {
      return frames.stream().map(TestClip::numberShown).toList();
    }

    private Session copy() {
      return new Session(facts, List.copyOf(frames), List.copyOf(progress));
    }
  }

  @Override
  public synchronized void session(SourceFacts facts) {
    sessions.add(new Session(facts, new ArrayList<>(), new ArrayList<>()));
  }

  @Override
  public synchronized void frame(LiveFrame frame) {
    last().frames().add(frame);
  }

  @Override
  public synchronized void progress(Duration pts) {
    last().progress().add(pts);
  }

  @Override
  public synchronized void stalled() {
    if (!sessions.isEmpty()) { // a slow machine may take a while to its first frame
      stalls++;
    }
  }

  private Session last() {
    return sessions.get(sessions.size() - 1);
  }

  /** A copy of the sessions so far. */
  synchronized List<Session> all() {
    return sessions.stream().map(Session::copy).toList();
  }

  synchronized int frames() {
    return sessions.stream().mapToInt(session -> session.frames().size()).sum();
  }

  /** Stalls after the first frame. */
  synchronized int stalls() {
    return stalls;
  }
}
