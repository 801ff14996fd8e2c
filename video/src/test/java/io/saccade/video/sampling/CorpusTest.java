package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.video.CollectingSink;
import io.saccade.video.Picture;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SharedMaterial;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.IsolatedSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares the frames, times and pixels, or the kind of failure, of all shared test videos. */
class CorpusTest {
  private static final int FRAMES = 8;
  private static final double PTS_TOLERANCE_SECONDS = 1e-3;

  private static final long MAX_RESIDENT_BYTES = 700L << 20;

  private static IsolatedSampler isolated;

  private final VideoSampler sampler = new VideoSampler(VideoLimits.defaults());

  /** One process for all, which must live on after each bad file; 10 s are the most for any. */
  @BeforeAll
  static void start() {
    isolated =
        new IsolatedSampler(
            new VideoLimits(
                1 << 30,
                1L << 26,
                64,
                100_000,
                Duration.ofDays(7),
                MAX_RESIDENT_BYTES,
                Duration.ofSeconds(10),
                2));
  }

  @AfterAll
  static void stop() {
    isolated.close();
  }

  @TestFactory
  Stream<DynamicTest> goodFiles() throws IOException {
    Path folder = SharedMaterial.folder("videos");
    JsonObject manifest = manifest(folder);
    int size = manifest.get("S").getAsInt();
    return objects(manifest.getAsJsonArray("good"))
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkGood(folder, file, size)));
  }

  @TestFactory
  Stream<DynamicTest> badFiles() throws IOException {
    Path folder = SharedMaterial.folder("videos");
    return objects(manifest(folder).getAsJsonArray("bad"))
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkBad(folder, file)));
  }

  @TestFactory
  Stream<DynamicTest> leavingOutWhatIsNotNeededChangesNothing() throws IOException {
    Path folder = SharedMaterial.folder("videos");
    return objects(manifest(folder).getAsJsonArray("good"))
        .flatMap(
            file ->
                IntStream.of(1, 3, 8, 16, 64)
                    .mapToObj(
                        frames ->
                            DynamicTest.dynamicTest(
                                name(file) + ", " + frames,
                                () -> checkSparse(folder.resolve(name(file)), frames))));
  }

  private void checkSparse(Path file, int frames) throws Exception {
    CollectingSink sparse = new CollectingSink();
    CollectingSink full = new CollectingSink();
    sampler.sample(VideoFile.of(file), spec(frames, 64), sparse, () -> false);
    VideoSampler.decodingEverything(VideoLimits.defaults())
        .sample(VideoFile.of(file), spec(frames, 64), full, () -> false);
    assertThat(sparse.frames()).isEqualTo(full.frames());
  }

  private void checkGood(Path folder, JsonObject file, int size) throws Exception {
    CollectingSink sink = new CollectingSink();
    SourceFacts facts =
        sampler.sample(
            VideoFile.of(folder.resolve(name(file))), spec(FRAMES, size), sink, () -> false);
    assertThat(facts.frameCount()).isEqualTo(file.get("n_frames").getAsInt());
    Picture strip = Picture.read(folder.resolve("expected").resolve(text(file, "expected_strip")));
    double worst = file.getAsJsonObject("tolerance_same_path").get("worst_frame").getAsDouble();
    List<Integer> indices = new ArrayList<>();
    for (SampledFrame frame : sink.frames()) {
      for (int i = 0; i < frame.positions(); i++) {
        Picture expected = strip.columns((frame.firstPosition() + i) * size, size);
        assertThat(Picture.meanDifference(frame.rgb().array(), expected.rgb()))
            .isLessThanOrEqualTo(worst);
        indices.add(frame.frameIndex());
      }
    }
    assertThat(indices)
        .isEqualTo(numbers(file.getAsJsonObject("indices").getAsJsonArray("8")).toList());
    assertTimes(sink.frames(), file);
  }

  private static void assertTimes(List<SampledFrame> frames, JsonObject file) {
    List<JsonArray> accepted = new ArrayList<>(List.of(file.getAsJsonArray("pts_seconds")));
    if (file.has("pts_accepted")) {
      file.getAsJsonArray("pts_accepted").forEach(times -> accepted.add(times.getAsJsonArray()));
    }
    double best =
        accepted.stream()
            .mapToDouble(
                times -> frames.stream().mapToDouble(f -> off(f, times)).max().orElseThrow())
            .min()
            .orElseThrow();
    assertThat(best).isCloseTo(0, within(PTS_TOLERANCE_SECONDS));
  }

  private static double off(SampledFrame frame, JsonArray times) {
    return Math.abs(frame.pts().toNanos() / 1e9 - times.get(frame.frameIndex()).getAsDouble());
  }

  private void checkBad(Path folder, JsonObject file) {
    List<String> expected =
        StreamSupport.stream(file.getAsJsonArray("expected").spliterator(), false)
            .map(JsonElement::getAsString)
            .toList();
    VideoFile bad = VideoFile.of(folder.resolve(name(file)));
    try {
      SourceFacts facts = isolated.sample(bad, spec(FRAMES, 32), new CollectingSink(), () -> false);
      assertThat(expected).contains("OK");
      assertDecoded(facts.frameCount(), file);
    } catch (VideoException e) {
      assertThat(expected).contains(e.category().name());
      if (e.category() == VideoException.Category.CORRUPT) {
        assertDecoded(e.decodedFrames(), file);
      }
    }
    assertThat(isolated.peakResidentBytes()).isPositive().isLessThan(MAX_RESIDENT_BYTES);
  }

  private static void assertDecoded(int frames, JsonObject file) {
    if (file.has("n_min") && !file.get("n_min").isJsonNull()) {
      assertThat(frames).isBetween(file.get("n_min").getAsInt(), file.get("n_max").getAsInt());
    }
  }

  private static SampleSpec spec(int frames, int size) {
    return SampleSpec.uniform(frames, size, ResizeRule.SHORTEST_EDGE_CENTER_CROP);
  }

  private static JsonObject manifest(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("manifest.json")))
        .getAsJsonObject();
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
  }

  private static Stream<Integer> numbers(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsInt);
  }

  private static String name(JsonObject file) {
    return text(file, "file");
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }
}
