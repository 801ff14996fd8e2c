package io.saccade.video.live;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.feed.DecoderChannel;
import io.saccade.video.feed.LiveFeed;
import io.saccade.video.isolation.LiveChild;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a feed on a thread of its own, so that the follower of the source can end at any time, even
 * while a name server or a host blocks that thread.
 */
final class FeedThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FeedThread.class);

  private final LiveFeed feed;
  private final DecoderChannel out;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable VideoException failure;

  /** Starts the thread; {@code starter} starts the decoder for the first bytes. */
  FeedThread(LiveFeed feed, Supplier<LiveChild> starter) {
    this.feed = feed;
    this.out = new DecoderChannel(starter);
    Thread thread = new Thread(this::run, "live-feed");
    thread.setDaemon(true); // it may stay blocked in a name look-up after close
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
      failure =
          new VideoException(
              Category.UNREADABLE,
              "the source could not be read because of an error in the sampler; see its log",
              0,
              e);
    } finally {
      end();
    }
  }

  private void end() {
    try {
      out.end();
    } catch (UncheckedIOException e) {
      // the decoder has ended, which its replies report
    } finally {
      ended.countDown();
    }
  }

  /** Returns the decoder, or null if no bytes were sent so far. */
  @Nullable LiveChild decoder() {
    return out.child();
  }

  /** Waits up to {@code time} for the end of the feed; returns whether it has ended. */
  boolean awaitEnd(Duration time) {
    try {
      return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Throws the failure that ended the feed; returns if the source ended by itself. */
  void requireEnd() throws VideoException {
    VideoException cause = failure;
    if (cause != null) {
      throw cause;
    }
  }

  /** Ends the feed and its decoder. */
  @Override
  public void close() {
    feed.abort();
    out.close();
  }
}
