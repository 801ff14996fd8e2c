package io.saccade.video.live;

import io.saccade.video.LiveReader;
import io.saccade.video.LiveSink;
import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.access.HostAccess;
import io.saccade.video.access.HttpConnection;
import io.saccade.video.feed.LiveFeed;
import io.saccade.video.isolation.LiveChild;
import io.saccade.video.isolation.LiveProtocol.Request;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Follows live videos and decodes each of them in a child process of its own. This process makes
 * all network connections and sends the bytes to the child, so FFmpeg opens nothing, and a source
 * that compromises its decoder has no access to other videos. A file is opened by the child, as for
 * sampling. See decision 53 in {@code docs/decisions.md}.
 *
 * <p>How it works: {@link LiveSources} checks the source and creates a feed for it. A {@link
 * FeedThread} runs the feed and starts the child for the first bytes. A {@link DecoderSupervisor}
 * receives the child's replies on the calling thread and passes them to the sink.
 */
public final class IsolatedLiveReader implements LiveReader {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int MAX_CRASHED = 10_000;

  private final LiveConfig config;
  private final LiveSources sources;
  private final Class<?> main;

  /** The URIs of sources whose decoder crashed and that gave no frame since then. */
  private final Set<String> crashed = ConcurrentHashMap.newKeySet();

  /** A reader that follows the sources that {@code config} allows. */
  public IsolatedLiveReader(LiveConfig config) {
    this(config, InetAddress::getAllByName, HttpConnection.TRUSTED, LiveProcess.class);
  }

  /**
   * A reader with another decoder, name resolution and TLS, for tests.
   *
   * @param main class on this process's class path whose main method behaves as that of {@link
   *     LiveProcess}
   */
  IsolatedLiveReader(
      LiveConfig config, HostAccess.Resolver resolver, TlsSocketStrategy tls, Class<?> main) {
    this.config = config;
    this.sources = new LiveSources(config, resolver, tls);
    this.main = main;
  }

  /**
   * {@inheritDoc}
   *
   * @throws VideoException also {@link Category#CRASHED}; a second crash without a frame in between
   *     is not a {@linkplain VideoException#isPassing() passing} failure
   */
  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException {
    Duration timeout = spec.stall().plus(spec.connectTimeout());
    Optional<VideoFile> file = sources.file(source.uri());
    if (file.isPresent()) {
      Duration fileTimeout = timeout.multipliedBy(Math.max(1, Math.round(1 / source.speed())));
      Request request = new Request(file, source.speed(), true, spec, config.limits());
      follow(request, source, new DecoderSupervisor(config, spec, fileTimeout, sink, cancelled));
    } else {
      LiveFeed feed = sources.feed(source.uri(), spec);
      follow(feed, source, new DecoderSupervisor(config, spec, timeout, sink, cancelled));
    }
  }

  private void follow(Request file, LiveSource source, DecoderSupervisor supervisor)
      throws VideoException {
    try (LiveChild child = start(file)) {
      supervisor.relay(child);
    } catch (VideoException e) {
      throw withCrashHistory(e, source, supervisor);
    }
  }

  private void follow(LiveFeed feed, LiveSource source, DecoderSupervisor supervisor)
      throws VideoException {
    try (FeedThread feedThread =
        new FeedThread(feed, () -> start(request(feed, supervisor.spec())))) {
      LiveChild child = connect(feedThread, supervisor);
      if (child != null) {
        supervisor.relay(child);
      }
      feedThread.requireEnd();
    } catch (VideoException e) {
      throw passingOnceLive(withCrashHistory(e, source, supervisor), supervisor);
    }
  }

  private Request request(LiveFeed feed, LiveSpec spec) {
    double speed = feed.bursts() ? 1 : Double.POSITIVE_INFINITY;
    return new Request(Optional.empty(), speed, feed.waits(), spec, config.limits());
  }

  private LiveChild start(Request request) {
    LiveChild child = new LiveChild(main);
    child.request(request);
    return child;
  }

  /** Waits for the decoder that the first bytes start; null if the feed ended without bytes. */
  private static @Nullable LiveChild connect(FeedThread feedThread, DecoderSupervisor supervisor)
      throws VideoException {
    long begin = System.nanoTime();
    Duration limit = supervisor.spec().connectTimeout();
    while (feedThread.decoder() == null && !feedThread.awaitEnd(POLL)) {
      supervisor.requireNotCancelled();
      if (System.nanoTime() - begin > limit.toNanos()) {
        throw VideoException.passing(
            Category.TIMEOUT, "the source sent nothing for %s".formatted(limit), null);
      }
    }
    return feedThread.decoder();
  }

  /**
   * Makes a crash a passing failure, unless it is the second one of the source without a frame in
   * between.
   */
  private VideoException withCrashHistory(
      VideoException failure, LiveSource source, DecoderSupervisor supervisor) {
    if (supervisor.hasFrames()) {
      crashed.remove(source.uri());
    }
    if (failure.category() != Category.CRASHED) {
      return failure;
    }
    if (crashed.contains(source.uri())) {
      return new VideoException(
          Category.CRASHED, "the decoder crashes on this source; make it send H.264", 0, failure);
    }
    if (crashed.size() < MAX_CRASHED) {
      crashed.add(source.uri());
    }
    return VideoException.passing(Category.CRASHED, failure.getMessage(), failure);
  }

  /** Makes the failure of a source that gave frames a passing one: the source may come back. */
  private static VideoException passingOnceLive(
      VideoException failure, DecoderSupervisor supervisor) {
    return switch (failure.category()) {
      case UNREADABLE, CORRUPT, NO_VIDEO_STREAM, TIMEOUT ->
          supervisor.hasFrames()
              ? VideoException.passing(failure.category(), failure.getMessage(), failure)
              : failure;
      default -> failure;
    };
  }

  /** Forgets earlier crashes. Each call ends its own child process, so nothing else is kept. */
  @Override
  public void close() {
    crashed.clear();
  }
}
