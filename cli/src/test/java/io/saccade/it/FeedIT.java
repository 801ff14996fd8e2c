package io.saccade.it;

import static io.saccade.proto.v1.FeedState.CONNECTING;
import static io.saccade.proto.v1.FeedState.ENDED;
import static io.saccade.proto.v1.FeedState.LIVE;
import static io.saccade.proto.v1.FeedState.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.ClipFrame;
import io.saccade.bus.FrameLog;
import io.saccade.ingest.Publisher;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.proto.v1.Window;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.video.FrameSink;
import io.saccade.video.LiveReader;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.OpenedVideo;
import io.saccade.video.access.VideoAccess;
import io.saccade.video.isolation.IsolatedSampler;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live feeds over a real broker: windows, states, and samplers that share them. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FeedIT extends BusIT {

  private static final int FRAMES = 4;
  private static final int FEEDS = 8;
  private static final Duration WINDOW = Duration.ofSeconds(4);

  @BeforeEach
  void announceModel() {
    client.send(
        Topics.MODELS,
        ModelCard.newBuilder().setName("m").setProfile(Demo.profile(FRAMES, 32, 2)).build());
  }

  @Test
  void aFeedBecomesWindowsThatShareFrames() throws Exception {
    sampler("one", new ScriptedFeeds());
    VideoReference.Builder video = feed("gate");
    video.getLiveBuilder().setHop(Times.proto(WINDOW.dividedBy(2)));
    client.send(Topics.VIDEOS, video.build());

    patiently().until(() -> client.readAll(Topics.CLIPS).size() >= 5);

    List<ClipManifest> clips = client.readAll(Topics.CLIPS);
    String session = clips.get(0).getWindow().getSession();
    for (int i = 0; i < clips.size(); i++) {
      Window window = clips.get(i).getWindow();
      assertThat(window.getNumber()).isEqualTo(i);
      assertThat(window.getSession()).isEqualTo(session);
      assertThat(Times.java(window.getStream().getFrom()))
          .isEqualTo(WINDOW.dividedBy(2).multipliedBy(i));
      assertThat(Times.java(window.getStream().getTo()))
          .isEqualTo(WINDOW.dividedBy(2).multipliedBy(i).plus(WINDOW));
      assertThat(Times.java(window.getEnd())).isAfter(Times.java(window.getBegin()));
      assertThat(clips.get(i).getFramesCount()).isEqualTo(FRAMES);
    }
    assertThat(offsets(clips.get(1)).subList(0, 2)).isEqualTo(offsets(clips.get(0)).subList(2, 4));
    try (FrameLog frames = new FrameLog(bus)) {
      List<ClipFrame> read = frames.read(clips.get(1), Pathway.BOTH, () -> false);
      assertThat(read)
          .map(frame -> frame.rgb().get(0))
          .containsExactly((byte) 2, (byte) 3, (byte) 4, (byte) 5);
    }
    assertThat(client.readAll(Topics.FRAMES))
        .extracting(FrameTensor::getFrameIndex)
        .doesNotHaveDuplicates();
  }

  /** 16 frames, 0.25 s apart; a tick is 0.5 s. */
  @Test
  void aFileIsPlayedAtItsPace() throws Exception {
    SamplerConfig config = SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips())));
    parts.start(new FrameSampler(config));
    Path file = Demo.clips().resolve("clip00.mp4");
    VideoReference.Builder video = feed("file").setUri(VideoUri.of(file.toString()));
    video
        .getLiveBuilder()
        .setWindow(Times.proto(Duration.ofSeconds(2)))
        .setHop(Times.proto(Duration.ofSeconds(1)))
        .setSpeed(4);
    client.send(Topics.VIDEOS, video.build());

    patiently().until(() -> states("file").equals(List.of(CONNECTING, LIVE, ENDED)));

    assertThat(last("file").getWindows()).isEqualTo(3);
    List<ClipManifest> clips = client.readAll(Topics.CLIPS);
    assertThat(clips).hasSize(3);
    for (int i = 0; i < clips.size(); i++) {
      assertThat(clips.get(i).getFramesList())
          .map(frame -> Times.java(frame.getPts()).toMillis())
          .containsExactly(1_000L * i, 1_000L * i + 500, 1_000L * i + 1_000, 1_000L * i + 1_500);
      assertThat(clips.get(i).getSource().getCodec()).isEqualTo("h264");
    }
    ClipManifest last = clips.get(2);
    assertThat(Times.java(last.getWindow().getEnd()))
        .as("3.5 s of the file at four times its pace")
        .isAfter(Times.java(statuses("file").get(0).getAt()).plusMillis(3_500 / 4));
    try (FrameLog frames = new FrameLog(bus);
        IsolatedSampler again = new IsolatedSampler(config.limits())) {
      for (ClipFrame frame : frames.read(last, Pathway.BOTH, () -> false)) {
        assertThat(frame.rgb())
            .as("frame at %s", frame.pts())
            .isEqualTo(pixels(again, file, frame));
      }
    }
  }

  /** What sampling the file at that moment gives. */
  private static ByteBuffer pixels(IsolatedSampler sampler, Path file, ClipFrame frame)
      throws VideoException {
    SampleSpec spec =
        SampleSpec.uniform(1, 32, ResizeRule.SHORTEST_EDGE_CENTER_CROP)
            .within(Optional.of(frame.pts()), Optional.of(frame.pts().plusMillis(100)));
    List<ByteBuffer> taken = new ArrayList<>();
    FrameSink sink =
        new FrameSink() {
          @Override
          public void accept(SampledFrame sampled) {
            taken.add(sampled.rgb());
          }

          @Override
          public void restart() {
            taken.clear();
          }
        };
    VideoAccess access = new VideoAccess(AccessConfig.files(List.of(Demo.clips())));
    try (OpenedVideo opened = access.open(file.toString(), () -> false)) {
      var unused = sampler.sample(opened.file(), spec, sink, () -> false);
    }
    return taken.get(0);
  }

  @Test
  void feedsAreAddedChangedAndStoppedByEvents() {
    ScriptedFeeds sources = new ScriptedFeeds();
    sampler("one", sources);
    client.send(Topics.VIDEOS, feed("a").build());
    patiently().until(() -> sources.followed().equals(Set.of(uri("a"))));
    patiently().until(() -> states("a").contains(LIVE));

    client.send(Topics.VIDEOS, feed("b").build());
    patiently().until(() -> sources.followed().equals(Set.of(uri("a"), uri("b"))));

    client.send(Topics.VIDEOS, feed("a").setUri(uri("elsewhere")).build());
    patiently().until(() -> sources.followed().equals(Set.of(uri("elsewhere"), uri("b"))));
    patiently().until(() -> states("a").equals(List.of(CONNECTING, LIVE, CONNECTING, LIVE)));

    try (Publisher publisher = Publisher.open(bus)) {
      publisher.forget("a").join();
    }
    client.send(Topics.VIDEOS, feed("b").setKind(VideoKind.VIDEO_KIND_FILE).build());
    patiently().until(() -> sources.followed().isEmpty());
    patiently().until(() -> states("b").equals(List.of(CONNECTING, LIVE, ENDED)));
    patiently().until(() -> states("a").equals(List.of(CONNECTING, LIVE, CONNECTING, LIVE, ENDED)));
  }

  @Test
  void optionsOutsideTheContractEndAFeed() {
    sampler("one", new ScriptedFeeds());
    VideoReference.Builder video = feed("a");
    video.getLiveBuilder().setWindow(Times.proto(Duration.ofHours(1)));
    client.send(Topics.VIDEOS, video.build());

    patiently().until(() -> states("a").equals(List.of(ENDED)));

    assertThat(client.readAll(Topics.FEED_STATUS).get(0).getReason().getCode())
        .isEqualTo(FailureCode.VIDEO_REFUSED);
  }

  @Test
  void aLostSourceIsConnectedAgainAndARefusedOneIsNot() {
    ScriptedFeeds sources = new ScriptedFeeds();
    sampler("one", sources);
    client.send(Topics.VIDEOS, feed("a").build());
    patiently().until(() -> states("a").equals(List.of(CONNECTING, LIVE)));

    sources.fail(uri("a"), VideoException.passing(Category.UNREADABLE, "the source is gone", null));
    patiently().until(() -> states("a").size() >= 6);
    assertThat(states("a")).startsWith(CONNECTING, LIVE, LOST, CONNECTING, LOST, CONNECTING);
    sources.repair(uri("a"));
    patiently().until(() -> last("a").getState() == LIVE);
    assertThat(last("a").getAttempt()).isGreaterThan(2);

    sources.fail(uri("a"), new VideoException(Category.REFUSED, "not allowed any more"));
    patiently().until(() -> last("a").getState() == ENDED);
    assertThat(last("a").getReason().getMessage()).isEqualTo("not allowed any more");
    assertThat(last("a").getWindows()).isPositive();
    Set<String> sessions = new HashSet<>();
    statuses("a").forEach(status -> sessions.add(status.getSession()));
    assertThat(sessions).as("none, and one for each time that it was live").hasSize(3);
  }

  @Test
  void samplersShareFeedsAndTakeOverThoseOfAnotherThatStops() {
    ScriptedFeeds first = new ScriptedFeeds();
    ScriptedFeeds second = new ScriptedFeeds();
    FrameSampler one = sampler("one", first);
    Set<String> all = publishMany();
    patiently().until(() -> first.followed().equals(all));

    sampler("two", second);
    patiently().until(() -> isShared(all, first, second));
    assertThat(first.followed()).isNotEmpty();
    assertThat(second.followed()).isNotEmpty();

    one.close();
    assertThat(first.followed()).isEmpty();
    patiently().until(() -> second.followed().equals(all));
    for (int i = 0; i < FEEDS; i++) {
      String id = "feed-" + i;
      patiently().until(() -> last(id).getState() == LIVE && last(id).getSampler().equals("two"));
    }
  }

  @Test
  void theFeedsOfAKilledSamplerMove() throws Exception {
    RoleProcess process =
        parts.process("killed-feeds", FeedProcess.class, bus.bootstrapServers(), bus.topicPrefix());
    process.awaitLine("begun");
    Set<String> all = publishMany();
    awaitAllLiveAt("process");

    ScriptedFeeds others = new ScriptedFeeds();
    sampler("other", others);
    patiently().until(() -> !others.followed().isEmpty());
    assertThat(others.followed()).as("shared").hasSizeLessThan(FEEDS);
    process.kill();

    patiently().until(() -> others.followed().equals(all));
    awaitAllLiveAt("other");
    assertThat(sessions()).as("each with a session of its own").doesNotHaveDuplicates();
  }

  @Test
  void aHaltedSamplerLetsGoOfItsFeedsWhenItWakes() throws Exception {
    RoleProcess process =
        parts.process("halted-feeds", FeedProcess.class, bus.bootstrapServers(), bus.topicPrefix());
    process.awaitLine("begun");
    publishMany();
    awaitAllLiveAt("process");

    process.halt();
    ScriptedFeeds others = new ScriptedFeeds();
    sampler("other", others);
    awaitAllLiveAt("other"); // after the session timeout
    process.resume();

    patiently().until(() -> others.followed().size() < FEEDS); // it joins again and gets its share
    patiently()
        .untilAsserted(
            () -> {
              assertThat(live("process")).isNotEmpty();
              assertThat(live("other")).isNotEmpty();
              assertThat(live("process").size() + live("other").size()).isEqualTo(FEEDS);
            });
    List<String> kept = live("other");
    Map<String, List<String>> before = awaitWindows(kept, 5); // what was under way is written
    Map<String, List<String>> after = awaitWindows(kept, 10);
    for (String id : kept) {
      List<String> sessions = after.get(id);
      assertThat(sessions.subList(before.get(id).size(), sessions.size()))
          .as("nobody else follows %s", id)
          .containsOnly(last(id).getSession());
    }
  }

  private void awaitAllLiveAt(String sampler) {
    patiently().until(() -> live(sampler).size() == FEEDS);
  }

  /** The feeds that are live at a sampler by its own last word. */
  private List<String> live(String sampler) {
    Map<String, FeedStatus> last = new HashMap<>();
    client.readAll(Topics.FEED_STATUS).forEach(status -> last.put(status.getVideoId(), status));
    return last.values().stream()
        .filter(status -> status.getState() == LIVE && status.getSampler().equals(sampler))
        .map(FeedStatus::getVideoId)
        .toList();
  }

  /**
   * Waits for so many windows more of each of these feeds, and says the session of every window.
   */
  private Map<String, List<String>> awaitWindows(List<String> feeds, int more) {
    Map<String, List<String>> before = windows();
    return patiently()
        .until(
            this::windows,
            now -> feeds.stream().allMatch(id -> count(now, id) >= count(before, id) + more));
  }

  private static int count(Map<String, List<String>> windows, String id) {
    return windows.getOrDefault(id, List.of()).size();
  }

  /** The sessions of the windows of each feed, in the order of the windows' publication. */
  private Map<String, List<String>> windows() {
    return client.readAll(Topics.CLIPS).stream()
        .collect(
            Collectors.groupingBy(
                ClipManifest::getVideoId,
                Collectors.mapping(clip -> clip.getWindow().getSession(), Collectors.toList())));
  }

  private List<String> sessions() {
    return client.readAll(Topics.FEED_STATUS).stream()
        .filter(status -> status.getState() == LIVE)
        .map(FeedStatus::getSession)
        .toList();
  }

  private Set<String> publishMany() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < FEEDS; i++) {
      client.send(Topics.VIDEOS, feed("feed-" + i).build());
      all.add(uri("feed-" + i));
    }
    return all;
  }

  private static boolean isShared(Set<String> all, ScriptedFeeds one, ScriptedFeeds other) {
    Set<String> both = new HashSet<>(one.followed());
    both.addAll(other.followed());
    return both.equals(all)
        && one.followed().size() + other.followed().size() == all.size()
        && !other.followed().isEmpty();
  }

  private static List<Long> offsets(ClipManifest clip) {
    return clip.getFramesList().stream().map(FrameEntry::getOffset).toList();
  }

  private List<FeedStatus> statuses(String id) {
    return client.readAll(Topics.FEED_STATUS).stream()
        .filter(status -> status.getVideoId().equals(id))
        .toList();
  }

  private List<FeedState> states(String id) {
    return statuses(id).stream().map(FeedStatus::getState).toList();
  }

  private FeedStatus last(String id) {
    List<FeedStatus> statuses = statuses(id);
    return statuses.isEmpty() ? FeedStatus.getDefaultInstance() : statuses.get(statuses.size() - 1);
  }

  private FrameSampler sampler(String name, LiveReader sources) {
    SamplerConfig config =
        SamplerConfig.defaults(bus, AccessConfig.files(List.of(Demo.clips())))
            .withFeeds(name, FeedConfig.defaults());
    return parts.start(new FrameSampler(config, new IsolatedSampler(config.limits()), sources));
  }

  private static VideoReference.Builder feed(String id) {
    VideoReference.Builder video =
        VideoReference.newBuilder()
            .setVideoId(id)
            .setUri(uri(id))
            .setKind(VideoKind.VIDEO_KIND_LIVE);
    video.getLiveBuilder().setWindow(Times.proto(WINDOW));
    return video;
  }

  private static String uri(String name) {
    return "rtsp://cameras.example.org/" + name;
  }
}
