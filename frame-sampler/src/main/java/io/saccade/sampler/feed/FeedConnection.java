package io.saccade.sampler.feed;

import io.saccade.proto.v1.FeedState;
import io.saccade.video.LiveFrame;
import io.saccade.video.LiveSink;
import io.saccade.video.SourceFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes over one connection of a feed: sessions, each cut in windows. For one thread. */
final class FeedConnection implements LiveSink, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedConnection.class);
  private static final int SESSION_BYTES = 16;

  private final Feed feed;
  private final FeedContext tools;
  private final Cadence cadence;
  private final WindowPublisher windows;

  private WindowCutter cutter;
  private SourceFacts source;
  private Instant firstFrame;

  /** A connection that has nothing yet. */
  FeedConnection(Feed feed, FeedContext tools, Cadence cadence, WindowPublisher windows) {
    this.feed = feed;
    this.tools = tools;
    this.cadence = cadence;
    this.windows = windows;
  }

  @Override
  public void session(SourceFacts facts) {
    close();
    byte[] name = new byte[SESSION_BYTES];
    tools.random().nextBytes(name);
    String session = HexFormat.of().formatHex(name);
    source = facts;
    cutter =
        new WindowCutter(
            session,
            cadence,
            (slot, frame) -> tools.frames().write(feed.videoId(), session, slot, frame),
            window -> windows.publish(window, facts),
            tools.clock());
    feed.live(session, facts);
  }

  @Override
  public void frame(LiveFrame frame) {
    if (feed.state() != FeedState.LIVE) {
      feed.live(cutter.session(), source);
    }
    countSteady();
    tools.counters().frame();
    long before = cutter.dropped();
    cutter.frame(frame);
    long dropped = cutter.dropped() - before;
    if (dropped > 0) {
      tools.counters().dropped(dropped);
      log.warn(
          "event=windows_dropped video_id={} session={} windows={} reason=\"too many bytes in flight\"",
          feed.videoId(),
          cutter.session(),
          dropped);
    }
  }

  @Override
  public void progress(Duration pts) {
    cutter.progress(pts.toNanos());
  }

  @Override
  public void stalled() {
    feed.stalled();
  }

  /** Ends the session under way. */
  @Override
  public void close() {
    if (cutter != null) {
      cutter.end();
      cutter = null;
    }
  }

  private void countSteady() {
    Instant now = tools.clock().instant();
    if (firstFrame == null) {
      firstFrame = now;
    }
    if (!now.isBefore(firstFrame.plus(tools.config().steady()))) {
      feed.steady();
    }
  }
}
