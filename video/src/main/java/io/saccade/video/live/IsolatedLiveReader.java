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

/**
 * Follows live videos. This process speaks to the network and hands the bytes to a process of its
 * own for each video, which decodes them: FFmpeg opens nothing, and what takes it over gets hold of
 * no other video. Files are opened there, as they are for sampling.
 */
public final class IsolatedLiveReader implements LiveReader {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int MAX_REMEMBERED = 10_000;

  private final LiveConfig config;
  private final LiveSources sources;
  private final Class<?> main;

  /** URIs of sources whose decoder crashed and that gave no frame since. */
  private final Set<String> crashed = ConcurrentHashMap.newKeySet();

  /** A reader of what {@code config} allows. */
  public IsolatedLiveReader(LiveConfig config) {
    this(config, InetAddress::getAllByName, HttpConnection.TRUSTED, LiveProcess.class);
  }

  /**
   * A reader with a decoder of its own.
   *
   * @param main class on this process's class path that does as {@link LiveProcess} does
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
   * @throws VideoException also {@link Category#CRASHED}, which passes unless it comes again
   *     without a frame in between
   */
  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException {
    Duration patience = spec.stall().plus(spec.connectTimeout());
    Optional<VideoFile> file = sources.file(source.uri());
    if (file.isPresent()) {
      Duration slowed = patience.multipliedBy(Math.max(1, Math.round(1 / source.speed())));
      Request request = new Request(file, source.speed(), true, spec, config.limits());
      follow(request, source, new LiveConversation(config, spec, slowed, sink, cancelled));
    } else {
      LiveFeed feed = sources.feed(source.uri(), spec);
      follow(feed, source, new LiveConversation(config, spec, patience, sink, cancelled));
    }
  }

  private void follow(Request file, LiveSource source, LiveConversation conversation)
      throws VideoException {
    try (LiveChild child = start(file)) {
      conversation.run(child);
    } catch (VideoException e) {
      throw judged(e, source, conversation);
    }
  }

  private void follow(LiveFeed feed, LiveSource source, LiveConversation conversation)
      throws VideoException {
    try (Feeding feeding = new Feeding(feed, () -> start(request(feed, conversation.spec())))) {
      LiveChild child = connect(feeding, conversation);
      if (child != null) {
        conversation.run(child);
      }
      feeding.requireEnd();
    } catch (VideoException e) {
      throw hopeful(judged(e, source, conversation), conversation);
    }
  }

  private Request request(LiveFeed feed, LiveSpec spec) {
    double speed = feed.bursts() ? 1 : Double.POSITIVE_INFINITY;
    return new Request(Optional.empty(), speed, feed.waits(), spec, config.limits());
  }

  private LiveChild start(Request request) {
    LiveChild child = new LiveChild(main);
    child.ask(request);
    return child;
  }

  /** Waits for the first bytes; null if the feed ended without. */
  private static LiveChild connect(Feeding feeding, LiveConversation conversation)
      throws VideoException {
    long begin = System.nanoTime();
    Duration limit = conversation.spec().connectTimeout();
    while (feeding.decoder() == null && !feeding.awaitEnd(POLL)) {
      conversation.requireWanted();
      if (System.nanoTime() - begin > limit.toNanos()) {
        throw VideoException.passing(
            Category.TIMEOUT, "the source sent nothing for %s".formatted(limit), null);
      }
    }
    return feeding.decoder();
  }

  /** A crash may be chance, unless it comes again. */
  private VideoException judged(
      VideoException failure, LiveSource source, LiveConversation conversation) {
    if (conversation.hasFrames()) {
      crashed.remove(source.uri());
    }
    if (failure.category() != Category.CRASHED) {
      return failure;
    }
    if (crashed.contains(source.uri())) {
      return new VideoException(
          Category.CRASHED, "the decoder crashes on this source; make it send H.264", 0, failure);
    }
    if (crashed.size() < MAX_REMEMBERED) {
      crashed.add(source.uri());
    }
    return VideoException.passing(Category.CRASHED, failure.getMessage(), failure);
  }

  /** A source that was live a moment ago may be so again. */
  private static VideoException hopeful(VideoException failure, LiveConversation conversation) {
    return switch (failure.category()) {
      case UNREADABLE, CORRUPT, NO_VIDEO_STREAM, TIMEOUT ->
          conversation.hasFrames()
              ? VideoException.passing(failure.category(), failure.getMessage(), failure)
              : failure;
      default -> failure;
    };
  }

  /** Each call has a process of its own, which ends with it: nothing is kept. */
  @Override
  public void close() {
    crashed.clear();
  }
}
