package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpHandler;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.WebServer;
import io.saccade.video.feed.DecoderChannel;
import io.saccade.video.feed.LiveFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid and invalid HLS from a server on this machine. Each segment has 25 frames, one second. */
@Timeout(120)
class LiveHlsTest {
  private static final int SEGMENT_FRAMES = 25;

  @TempDir private Path folder;
  private WebServer server;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    server = WebServer.http();
    follower = new Follower(List.of(), server.port());
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    follower.close();
    server.close();
  }

  @Test
  void aPlaylistWithAnEndIsFollowedFromItsBeginning() throws Exception {
    segments(4, 0);
    server.page("/live", text(playlist(0, "s0.ts", "s1.ts", "s2.ts", "s3.ts") + "#EXT-X-ENDLIST"));

    assertThat(follower.begin(uri("/live")).end()).isNull();

    assertThat(follower.sessions().all()).hasSize(1);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 100));
  }

  @Test
  void aLivePlaylistIsReloadedFromItsThirdLastSegmentToItsEnd() throws Exception {
    segments(6, 0);
    AtomicReference<String> playlist =
        new AtomicReference<>(playlist(10, "s0.ts", "s1.ts", "s2.ts", "s3.ts"));
    server.page("/live", exchange -> text(playlist.get()).handle(exchange));
    follower.begin(uri("/live")).awaitFrames(12);
    playlist.set(playlist(12, "s2.ts", "s3.ts", "s4.ts"));
    follower.awaitFrames(17);
    playlist.set(playlist(13, "s3.ts", "s4.ts", "s5.ts") + "#EXT-X-ENDLIST\n");

    assertThat(follower.end()).isNull();

    assertThat(follower.sessions().all()).hasSize(1);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(25, 150));
  }

  @Test
  void aDiscontinuityIsAnotherSession() throws Exception {
    segments(2, 0);
    page("/t0.ts", TestClip.of(SEGMENT_FRAMES).from(100).size(64, 48).offset(0.3));
    server.page(
        "/live",
        text(
            playlist(0, "s0.ts", "s1.ts")
                + "#EXT-X-DISCONTINUITY\n#EXTINF:1,\nt0.ts\n#EXT-X-ENDLIST\n"));

    assertThat(follower.begin(uri("/live")).end()).isNull();

    assertThat(follower.sessions().all()).hasSize(2);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 50));
    assertThat(numbers(1)).containsExactlyElementsOf(multiples(100, 125));
    assertThat(follower.sessions().all().get(1).facts().codedWidth()).isEqualTo(64);
  }

  @Test
  void missedSegmentsAreAGap() throws Exception {
    segments(8, 0);
    AtomicReference<String> playlist =
        new AtomicReference<>(playlist(0, "s0.ts", "s1.ts", "s2.ts"));
    server.page("/live", exchange -> text(playlist.get()).handle(exchange));
    follower.begin(uri("/live")).awaitFrames(12);
    playlist.set(playlist(5, "s5.ts", "s6.ts", "s7.ts") + "#EXT-X-ENDLIST\n");

    assertThat(follower.end()).isNull();

    assertThat(follower.sessions().all()).hasSize(2);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 75));
    assertThat(numbers(1)).containsExactlyElementsOf(multiples(125, 200));
  }

  @Test
  void aFailedSegmentIsAGap() throws Exception {
    segments(1, 0);
    page("/s2.ts", TestClip.of(SEGMENT_FRAMES).from(50).offset(2));
    server.page("/s1.ts", WebServer.status(404));
    server.page("/live", text(playlist(0, "s0.ts", "s1.ts", "s2.ts") + "#EXT-X-ENDLIST"));

    assertThat(follower.begin(uri("/live")).end()).isNull();

    assertThat(follower.sessions().all()).hasSize(2);
    assertThat(numbers(1)).containsExactlyElementsOf(multiples(50, 75));
  }

  @Test
  void fragmentsOfMp4AreSegmentsToo() throws Exception {
    byte[] clip =
        Files.readAllBytes(
            TestClip.of(50).gop(25).fragmented().write(folder.resolve("fragments.mp4")));
    int head = indexOf(clip, "moof", 0) - 4;
    int second = indexOf(clip, "moof", head + 8) - 4;
    server.page("/head", WebServer.bytes(Arrays.copyOf(clip, head)));
    server.page("/a", WebServer.bytes(Arrays.copyOfRange(clip, head, second)));
    server.page("/b", WebServer.bytes(Arrays.copyOfRange(clip, second, clip.length)));
    server.page(
        "/live",
        text(
            """
            #EXTM3U
            #EXT-X-TARGETDURATION:1
            #EXT-X-MAP:URI="head"
            #EXTINF:1,
            a
            #EXTINF:1,
            b
            #EXT-X-ENDLIST
            """));

    assertThat(follower.begin(uri("/live")).end()).isNull();

    assertThat(follower.sessions().all()).hasSize(1);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 50));
  }

  @Test
  void afterAGapTheHeadOfAnMp4IsSentAgain() throws Exception {
    byte[] clip =
        Files.readAllBytes(
            TestClip.of(200).gop(25).fragmented().write(folder.resolve("fragments.mp4")));
    int from = indexOf(clip, "moof", 0) - 4;
    server.page("/head", WebServer.bytes(Arrays.copyOf(clip, from)));
    for (int i = 0; i < 8; i++) {
      int next = indexOf(clip, "moof", from + 8) - 4;
      int to = next < 0 ? clip.length : next;
      server.page("/s" + i, WebServer.bytes(Arrays.copyOfRange(clip, from, to)));
      from = to;
    }
    String map = "#EXT-X-MAP:URI=\"head\"\n";
    AtomicReference<String> playlist = new AtomicReference<>(mapped(map, 0, "s0", "s1", "s2"));
    server.page("/live", exchange -> text(playlist.get()).handle(exchange));
    follower.begin(uri("/live")).awaitFrames(12);
    playlist.set(mapped(map, 5, "s5", "s6", "s7") + "#EXT-X-ENDLIST\n");

    assertThat(follower.end()).isNull();

    assertThat(follower.sessions().all()).hasSize(2);
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 75));
    assertThat(numbers(1)).containsExactlyElementsOf(multiples(125, 200));
  }

  @Test
  void onlyALivePlaylistComesInBursts() throws Exception {
    segments(1, 0);
    server.page("/live", text(playlist(0, "s0.ts")));
    server.page("/ended", text(playlist(0, "s0.ts") + "#EXT-X-ENDLIST"));
    server.page("/master", text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive\n"));

    assertThat(bursts("/live")).isTrue();
    assertThat(bursts("/ended")).isFalse();
    assertThat(bursts("/master")).isTrue();
    assertThat(bursts("/s0.ts")).isFalse();
  }

  /** What a feed says of itself when its decoder is started. */
  private boolean bursts(String path) throws VideoException {
    LiveFeed feed = follower.feed(uri(path));
    AtomicReference<Boolean> said = new AtomicReference<>();
    DecoderChannel out =
        new DecoderChannel(
            () -> {
              said.set(feed.bursts());
              throw new UncheckedIOException(new IOException("no decoder"));
            });
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> feed.run(out));
    return said.get();
  }

  @Test
  void theSmallestVariantThatIsLargeEnoughIsFollowed() throws Exception {
    segments(2, 0);
    server.page("/mid/live", text(playlist(0, "/s0.ts", "/s1.ts") + "#EXT-X-ENDLIST"));
    server.page(
        "/master",
        text(
            """
            #EXTM3U
            #EXT-X-STREAM-INF:BANDWIDTH=90,CODECS="mp4a.40.2"
            sound
            #EXT-X-STREAM-INF:BANDWIDTH=100,RESOLUTION=64x48
            low/live
            #EXT-X-STREAM-INF:BANDWIDTH=300,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=128x96
            mid/live
            #EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=640x480
            high/live
            """));

    assertThat(follower.begin(uri("/master")).end()).isNull();

    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 50));
    assertThat(server.requests()).anyMatch(request -> request.startsWith("/mid/live "));
  }

  @Test
  void aMissingPlaylistIsAPassingFailure() throws Exception {
    segments(3, 0);
    AtomicInteger asked = new AtomicInteger();
    HttpHandler first = text(playlist(0, "s0.ts", "s1.ts", "s2.ts"));
    server.page(
        "/live",
        exchange ->
            (asked.getAndIncrement() == 0 ? first : WebServer.status(404)).handle(exchange));

    VideoException failure = follower.begin(uri("/live")).end();

    assertThat(failure.isPassing()).isTrue();
    assertThat(numbers(0)).containsExactlyElementsOf(multiples(0, 75));
  }

  @Test
  void cancellingDoesNotWaitForTheNextReload() throws Exception {
    segments(3, 0);
    server.page(
        "/live", text(playlist(0, "s0.ts", "s1.ts", "s2.ts").replace("DURATION:1", "DURATION:60")));
    follower.begin(uri("/live")).awaitFrames(12);
    Awaitility.await().until(() -> server.requests().size() == 4);

    assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
  }

  @ParameterizedTest
  @CsvSource({
    "'#EXTINF:1,\nhttp://metadata.example.com/s0.ts', REFUSED",
    "'#EXTINF:1,\nfile:///etc/passwd', REFUSED",
    "'#EXTINF:1,\nrtsp://videos.example.com/1', REFUSED",
    "'#EXT-X-MAP:URI=\"http://metadata.example.com/head\"\n#EXTINF:1,\ns0.ts', REFUSED",
    "'#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n#EXTINF:1,\ns0.ts', UNSUPPORTED",
    "'#EXTINF:1,\n#EXT-X-BYTERANGE:100@0\ns0.ts', UNSUPPORTED",
    "'#EXT-X-STREAM-INF:BANDWIDTH=1\nlive', UNREADABLE"
  })
  void aHostilePlaylistIsNotAPassingFailure(String lines, Category category) throws Exception {
    server.page("/live", text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n" + lines + "\n"));

    VideoException failure = follower.begin(uri("/live")).end();

    assertThat(failure.category()).isEqualTo(category);
    assertThat(failure.isPassing()).isFalse();
    assertThat(failure).hasMessageNotContaining("metadata");
  }

  @Test
  void aPlaylistWithoutEndIsCutOff() throws Exception {
    server.page("/live", text("#EXTM3U\n" + "#EXTINF:1,\ns0.ts\n".repeat(200_000)));

    VideoException failure = follower.begin(uri("/live")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isFalse();
  }

  /** Pages {@code s0.ts} and so on, whose times go on. */
  private void segments(int count, int first) throws Exception {
    for (int i = 0; i < count; i++) {
      page("/s%d.ts".formatted(first + i), segment(first + i));
    }
  }

  private static TestClip segment(int number) {
    return TestClip.of(SEGMENT_FRAMES).from(number * SEGMENT_FRAMES).offset(number);
  }

  private void page(String path, TestClip clip) throws Exception {
    Path file = clip.write(Files.createTempFile(folder, "clip", ".ts"));
    server.page(path, WebServer.bytes(Files.readAllBytes(file)));
  }

  private static HttpHandler text(String text) {
    return WebServer.bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String playlist(int sequence, String... segments) {
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
    text.append("#EXT-X-MEDIA-SEQUENCE:").append(sequence).append('\n');
    for (String segment : segments) {
      text.append("#EXTINF:1.0,\n").append(segment).append('\n');
    }
    return text.toString();
  }

  private static String mapped(String map, int sequence, String... segments) {
    return playlist(sequence, segments).replaceFirst("#EXTINF", map + "#EXTINF");
  }

  private static List<Integer> multiples(int from, int to) {
    return IntStream.range(from / 5, to / 5).mapToObj(i -> i * 5).toList();
  }

  private static int indexOf(byte[] bytes, String word, int from) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(word, from);
  }

  private List<Integer> numbers(int session) {
    return follower.sessions().all().get(session).numbers();
  }

  private String uri(String path) {
    return server.uri(Follower.HOST, path);
  }
}
