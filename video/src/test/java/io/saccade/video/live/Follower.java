package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import io.saccade.video.VideoException;
import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.AddressBlock;
import io.saccade.video.access.DownloadLimits;
import io.saccade.video.access.HostAccess;
import io.saccade.video.access.HostRule;
import io.saccade.video.access.HttpConnection;
import io.saccade.video.access.ListenRule;
import io.saccade.video.feed.LiveFeed;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * Follows sources on this machine, to which every name resolves. After each test, no process and no
 * thread may be left.
 */
public final class Follower implements AutoCloseable {
  public static final String HOST = "videos.example.com";
  static final Duration STEP = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final LiveSessions sessions = new LiveSessions();
  private final IsolatedLiveReader reader;
  private final LiveSources sources;
  private LiveSpec spec =
      new LiveSpec(STEP, 64, ResizeRule.SQUASH, Duration.ofSeconds(20), Duration.ofSeconds(20));
  private volatile boolean cancelled;
  private CompletableFuture<VideoException> outcome;

  /** A follower that may listen at these places and reach this machine at these ports. */
  Follower(List<ListenRule> listens, int... ports) {
    this(listens, LiveProcess.class, ports);
  }

  Follower(List<ListenRule> listens, Class<?> main, int... ports) {
    List<HostRule> hosts =
        Arrays.stream(ports).mapToObj(port -> HostRule.parse(HOST + ":" + port)).toList();
    AccessConfig access =
        new AccessConfig(
            List.of(),
            hosts,
            List.of(AddressBlock.parse("127.0.0.1"), AddressBlock.parse("::1")),
            new DownloadLimits(Path.of(System.getProperty("java.io.tmpdir")), 1 << 20, LONG, LONG));
    LiveConfig config = new LiveConfig(access, listens, VideoLimits.defaults());
    HostAccess.Resolver here = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    reader = new IsolatedLiveReader(config, here, HttpConnection.TRUSTED, main);
    sources = new LiveSources(config, here, HttpConnection.TRUSTED);
  }

  Follower stall(Duration stall, Duration connectTimeout) {
    spec = new LiveSpec(STEP, 64, ResizeRule.SQUASH, stall, connectTimeout);
    return this;
  }

  /** A source's bytes, without a decoder. */
  LiveFeed feed(String uri) throws VideoException {
    return sources.feed(uri, spec);
  }

  /** Begins to follow, on another thread. */
  Follower begin(String uri) {
    cancelled = false;
    outcome =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                reader.follow(LiveSource.of(uri), spec, sessions, () -> cancelled);
                return null;
              } catch (VideoException e) {
                return e;
              }
            },
            task -> new Thread(task, "follower").start());
    return this;
  }

  /** Waits until the sessions are as they should be. */
  List<LiveSessions.Session> await(Predicate<List<LiveSessions.Session>> condition) {
    Awaitility.await()
        .atMost(LONG)
        .failFast("the source has ended", () -> outcome.isDone() && !condition.test(sessions.all()))
        .until(() -> condition.test(sessions.all()));
    return sessions.all();
  }

  /** Waits until there are so many frames. */
  List<LiveSessions.Session> awaitFrames(int count) {
    return await(all -> sessions.frames() >= count);
  }

  /** How it ended: null if the source did. */
  VideoException end() throws ExecutionException, InterruptedException, TimeoutException {
    return outcome.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** Cancels; how it ended. */
  VideoException cancel() throws ExecutionException, InterruptedException, TimeoutException {
    cancelled = true;
    return outcome.get(2, TimeUnit.SECONDS);
  }

  LiveSessions sessions() {
    return sessions;
  }

  @Override
  public void close() {
    cancelled = true;
    if (outcome != null) {
      outcome.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }
    reader.close();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(ProcessHandle.current().children())
                    .noneMatch(
                        child -> child.info().commandLine().orElse("").contains("LiveProcess")));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("live-feed", "decoder-replies"));
  }
}
