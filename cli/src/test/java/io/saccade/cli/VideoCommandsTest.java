package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.bench.video.VideoClip;
import io.saccade.bench.video.VideoEncoder;
import io.saccade.cli.local.ExitCode;
import io.saccade.video.FrameSink;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.sampling.VideoSampler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoCommandsTest {

  private static final int FRAMES = 30;
  private static final int KEY_FRAMES = 3;

  @TempDir private static Path clips;
  private static Path clip;

  @TempDir private Path dir;

  @BeforeAll
  static void makeClip() throws IOException {
    clip = write("clip.mp4", FRAMES);
  }

  private static Path write(String name, int frames) throws IOException {
    Path file = clips.resolve(name);
    VideoEncoder.write(new VideoClip(name, 160, 96, frames, 1, FRAMES / KEY_FRAMES, 0), file);
    return file;
  }

  @Test
  void theJsonAndThePngsHoldWhatTheSamplerGives() throws Exception {
    Outcome outcome = sample("--frames", "4", "--size", "32", "--json", clip.toString());

    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.lines()).hasSize(1);
    JsonObject file = json(outcome).getAsJsonObject("clip.mp4");
    assertThat(file.keySet()).containsExactly("frames", "error");
    assertThat(file.get("error").isJsonNull()).isTrue();
    assertThat(indices(file)).containsExactly(0, 9, 19, 29);
    List<SampledFrame> expected = sampled(4, 32);
    for (int i = 0; i < 4; i++) {
      JsonObject frame = file.getAsJsonArray("frames").get(i).getAsJsonObject();
      assertThat(frame.keySet()).containsExactly("index", "pts_seconds", "png");
      assertThat(frame.get("pts_seconds").getAsDouble())
          .isEqualTo(expected.get(i).pts().toNanos() / 1e9);
      assertThat(rgb(dir.resolve(frame.get("png").getAsString())))
          .isEqualTo(expected.get(i).rgb().array());
    }
  }

  @Test
  void aShortVideoRepeatsEntriesButNotFiles() throws IOException {
    Path three = write("three.mp4", 3);

    Outcome outcome = sample("--frames", "8", "--size", "16", "--json", three.toString());

    JsonObject file = json(outcome).getAsJsonObject("three.mp4");
    assertThat(indices(file)).containsExactly(0, 0, 0, 0, 1, 1, 1, 2);
    assertThat(pngs()).hasSize(3);
  }

  @Test
  void policyRangeAndResizeAreTheSamplers() throws IOException {
    Outcome rate = sample("--frames", "9", "--size", "16", "--policy", "fps:5", "--json", path());
    assertThat(indices(json(rate).getAsJsonObject("clip.mp4"))).containsExactly(0, 6, 12, 18, 24);

    Outcome range =
        sample("--frames", "2", "--size", "16", "--from", "0.5", "--to", "0.8", "--json", path());
    assertThat(indices(json(range).getAsJsonObject("clip.mp4"))).containsExactly(0, 8);

    byte[] cropped = onlyPng("crop");
    byte[] squashed = onlyPng("squash");
    assertThat(cropped).hasSameSizeAs(squashed).isNotEqualTo(squashed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "percent %03d é [x].mp4",
        "concat:a.mp4|b.mp4",
        "@list.mp4",
        "-v.mp4",
        "a\nb \"c\" \\ ${d}.mp4",
        "no ending"
      })
  void anyNameIsJustAName(String name) throws IOException {
    Path odd = Files.copy(clip, clips.resolve(name));

    Outcome outcome =
        sample(
            "--frames",
            "2",
            "--size",
            "16",
            "--json",
            "--relative-to",
            clips.toString(),
            "--",
            odd.toString());

    assertThat(outcome.code()).isZero();
    assertThat(indices(json(outcome).getAsJsonObject(name))).containsExactly(0, 29);
    assertThat(pngs()).hasSize(2).allMatch(png -> png.matches("[A-Za-z0-9._-]+\\.png"));
  }

  @Test
  void namesThatDifferOnlyInWhatIsUnsafeKeepTheirOwnPngs() throws IOException {
    Path first = Files.copy(clip, clips.resolve("a b.mp4"));
    Path second = Files.copy(clip, clips.resolve("a?b.mp4"));

    sample("--frames", "2", "--size", "16", first.toString(), second.toString());

    assertThat(pngs()).hasSize(4);
  }

  @Test
  void oneBadFileStopsNoOther() throws IOException {
    Path text = Files.writeString(clips.resolve("text.mp4"), "no video at all");

    Outcome outcome =
        sample(
            "--frames",
            "2",
            "--size",
            "16",
            "--json",
            "--relative-to",
            clips.getParent().toString(),
            clips.resolve("none.mp4").toString(),
            text.toString(),
            path());

    assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    String folder = clips.getFileName() + "/";
    JsonObject results = json(outcome);
    assertThat(results.keySet())
        .containsExactly(folder + "none.mp4", folder + "text.mp4", folder + "clip.mp4");
    JsonObject bad = results.getAsJsonObject(folder + "none.mp4");
    assertThat(bad.getAsJsonArray("frames")).isEmpty();
    assertThat(bad.getAsJsonObject("error").keySet())
        .containsExactly("category", "message", "decoded_frames");
    assertThat(bad.getAsJsonObject("error").get("category").getAsString()).isEqualTo("UNREADABLE");
    assertThat(indices(results.getAsJsonObject(folder + "clip.mp4"))).hasSize(2);
  }

  @Test
  void framesThatCameBeforeAnErrorAreRemoved() throws IOException {
    Outcome outcome = sample("--frames", "30", "--size", "16", "--json", damaged().toString());

    assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    JsonObject file = json(outcome).getAsJsonObject("damaged.mp4");
    assertThat(file.getAsJsonArray("frames")).isEmpty();
    assertThat(file.getAsJsonObject("error").get("category").getAsString()).isEqualTo("CORRUPT");
    assertThat(file.getAsJsonObject("error").get("decoded_frames").getAsInt()).isPositive();
    assertThat(pngs()).isEmpty();
  }

  @Test
  void peopleGetALineAFile() {
    Outcome outcome = sample("--frames", "2", "--size", "16", path(), "none.mp4");

    assertThat(outcome.lines())
        .containsExactly(
            "clip.mp4: 2 frames, 0.000 to 0.967 s", "none.mp4: UNREADABLE: no such file");
  }

  @Test
  void inspectTellsWhatIsThere() {
    Outcome lines = Outcome.of("video", "inspect", path(), "none.mp4");
    assertThat(lines.code()).isEqualTo(ExitCode.FAILED);
    assertThat(lines.out())
        .startsWith("clip.mp4\n")
        .contains("160x96 (coded 160x96)", "30, 3 of them key frames", "30.000 frames/s", "1.000 s")
        .endsWith("none.mp4: UNREADABLE: no such file\n");

    Outcome json = Outcome.of("video", "inspect", path(), "--json");
    assertThat(json.code()).isZero();
    assertThat(json.lines()).hasSize(1);
    JsonObject video = json(json).getAsJsonObject("clip.mp4").getAsJsonObject("video");
    assertThat(video.get("codec").getAsString()).isEqualTo("h264");
    assertThat(video.get("frames").getAsInt()).isEqualTo(FRAMES);
    assertThat(video.get("key_frames").getAsInt()).isEqualTo(KEY_FRAMES);
    assertThat(video.get("duration_seconds").getAsDouble()).isEqualTo(1.0);
    assertThat(video.keySet())
        .contains("container", "width", "coded_width", "rotation_degrees", "mirrored")
        .contains("frames_per_second", "first_pts_seconds", "last_pts_seconds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "video | sample or inspect",
        "video sample v.mp4 --output o | --frames",
        "video sample v.mp4 --frames 8 | --output",
        "video sample --frames 8 --output o | FILE",
        "video sample v.mp4 --frames 0 --output o | frames = 0",
        "video sample v.mp4 --frames 8 --size 8 --output o | imageSize = 8",
        "video sample v.mp4 --frames 8 --policy often --output o | policy = often",
        "video sample v.mp4 --frames 8 --resize cut --output o | cut",
        "video sample v.mp4 --frames 8 --from 2 --to 1 --output o | from = PT2S",
        "video sample a/v.mp4 b/v.mp4 --frames 8 --output o | --relative-to",
        "video sample v.mp4 --frames 8 --output pom.xml | --output = pom.xml",
        "video inspect | FILE",
        "bench video --runs 0 | --runs = 0",
        "bench video --clip none.mp4 | none.mp4 gives no frames"
      })
  void aMistakeIsOneLineAndExitCodeTwo(String args, String names) {
    Outcome outcome = Outcome.of(args.split(" "));

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).startsWith("saccade: ").contains(names).hasLineCount(1);
    assertThat(Path.of("o")).doesNotExist();
  }

  /** A clip whose later packets are overwritten; its index is whole. */
  private static Path damaged() throws IOException {
    byte[] bytes = Files.readAllBytes(clip);
    Arrays.fill(bytes, bytes.length / 2, bytes.length * 3 / 5, (byte) 0);
    return Files.write(clips.resolve("damaged.mp4"), bytes);
  }

  private Outcome sample(String... args) {
    List<String> all = new ArrayList<>(List.of("video", "sample", "--output", dir.toString()));
    all.addAll(List.of(args));
    return Outcome.of(all.toArray(String[]::new));
  }

  private static String path() {
    return clip.toString();
  }

  private byte[] onlyPng(String resize) throws IOException {
    Outcome outcome = sample("--frames", "1", "--size", "32", "--resize", resize, "--json", path());
    JsonElement frame = json(outcome).getAsJsonObject("clip.mp4").getAsJsonArray("frames").get(0);
    return rgb(dir.resolve(frame.getAsJsonObject().get("png").getAsString()));
  }

  private List<String> pngs() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static JsonObject json(Outcome outcome) {
    return JsonParser.parseString(outcome.out()).getAsJsonObject();
  }

  private static List<Integer> indices(JsonObject file) {
    JsonArray frames = file.getAsJsonArray("frames");
    List<Integer> indices = new ArrayList<>();
    frames.forEach(frame -> indices.add(frame.getAsJsonObject().get("index").getAsInt()));
    return indices;
  }

  private static byte[] rgb(Path png) throws IOException {
    BufferedImage image = ImageIO.read(png.toFile());
    byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
      rgb[i] = (byte) (pixel >> (8 * (2 - i % 3)));
    }
    return rgb;
  }

  private static List<SampledFrame> sampled(int frames, int size) throws VideoException {
    List<SampledFrame> sampled = new ArrayList<>();
    FrameSink sink =
        new FrameSink() {
          @Override
          public void accept(SampledFrame frame) {
            sampled.add(frame);
          }

          @Override
          public void restart() {
            sampled.clear();
          }
        };
    var unused =
        new VideoSampler(VideoLimits.defaults())
            .sample(
                VideoFile.of(clip),
                SampleSpec.uniform(frames, size, ResizeRule.SHORTEST_EDGE_CENTER_CROP),
                sink,
                () -> false);
    return sampled;
  }
}
