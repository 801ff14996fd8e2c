package io.saccade.video.live;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.feed.FeedOutlet;
import io.saccade.video.feed.LiveFeed;
import io.saccade.video.isolation.LiveChild;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed at work on a thread of its own, so that whoever follows the source can leave at any
 * moment, whatever a name server or a host does.
 */
final class Feeding implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Feeding.class);

  private final LiveFeed feed;
  private final FeedOutlet out;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile VideoException failure;

  /** Begins to bring bytes to a decoder that {@code starter} starts for the first of them. */
  Feeding(LiveFeed feed, Supplier<LiveChild> starter) {
    this.feed = feed;
    this.out = new FeedOutlet(starter);
    Thread thread = new Thread(this::run, "live-feed");
    thread.setDaemon(true); // a name server may hold it for a while after we left
    thread.start();
  }

  private void run() {
    try {
      feed.run(out);
    } catch (VideoException e) {
      failure = e;
    } catch (UncheckedIOException e) {
      failure = VideoException.passing(Category.UNREADABLE, "the decoder cannot be reached", e);
    } catch (RuntimeException | Error e) {
      log.error("event=feed_error", e);
      failure = new VideoException(Category.UNREADABLE, "the source makes no sense", 0, e);
    } finally {
      end();
    }
  }

  private void end() {
    try {
      out.end();
    } catch (UncheckedIOException e) {
      // the decoder has gone, as its replies tell
    } finally {
      ended.countDown();
    }
  }

  /** The decoder, or null if there were no bytes so far. */
  LiveChild decoder() {
    return out.child();
  }

  /** Waits for the feed's end, for a moment; whether it has come. */
  boolean awaitEnd(Duration time) {
    try {
      return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Throws why the feed ended, unless the source just did. */
  void requireEnd() throws VideoException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends the feed and its decoder. */
  @Override
  public void close() {
    feed.abort();
    out.close();
  }
}
