package io.saccade.bench.video;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.cli.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchVideoTest {

  @TempDir private Path dir;

  @Test
  void everyClipIsReportedAndBothWaysAgree() {
    Outcome outcome = bench("--quick", "--json", "--frames", "4", "--size", "32", "--runs", "1");

    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.lines()).hasSize(1);
    JsonObject report = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertThat(report.get("size").getAsInt()).isEqualTo(32);
    assertThat(report.get("frames").getAsInt()).isEqualTo(4);
    assertThat(report.get("runs").getAsInt()).isEqualTo(1);
    Map<String, JsonObject> clips = new HashMap<>();
    for (JsonElement clip : report.getAsJsonArray("clips")) {
      clips.put(clip.getAsJsonObject().get("clip").getAsString(), clip.getAsJsonObject());
    }
    for (VideoClip clip : VideoClip.standard()) {
      check(clips.get(clip.name()), clip.quick());
    }
  }

  private static void check(JsonObject row, VideoClip clip) {
    assertThat(row.get("equal").getAsBoolean()).isTrue();
    assertThat(row.get("encoder").getAsString()).isEqualTo(VideoEncoder.nameFor(clip));
    assertThat(row.get("width").getAsInt()).isEqualTo(clip.width());
    assertThat(row.get("height").getAsInt()).isEqualTo(clip.height());
    assertThat(row.get("frames").getAsInt()).isEqualTo(clip.frames());
    assertThat(row.get("gop").getAsInt()).isEqualTo(clip.gop());
    assertThat(row.get("key_frames").getAsInt()).isBetween(1, clip.frames());
    assertThat(row.get("resize_share").getAsDouble()).isBetween(0.0, 1.0);
    assertThat(row.keySet()).contains("codec", "sparse_seconds", "full_seconds", "ratio");
    for (String positive : new String[] {"bytes", "peak_rss_mib"}) {
      assertThat(row.get(positive).getAsDouble()).as(positive).isPositive();
    }
  }

  @Test
  void aFileOfTheUsersIsBenchedAlone() throws IOException {
    Path own = dir.resolve("own [%d].mp4");
    VideoEncoder.write(new VideoClip("own", 96, 64, 12, 2, 6, 2), own);

    Outcome outcome =
        bench("--only-own", "--clip", own.toString(), "--frames", "5", "--size", "16");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.lines()).hasSize(2);
    assertThat(outcome.lines().get(0)).startsWith("clip").contains("sparse s", "peak MiB");
    assertThat(outcome.lines().get(1)).startsWith(own.toString()).contains("96x64").endsWith("yes");
  }

  @Test
  void aSoakShowsTheMemoryOfTheDecoderProcess() {
    Outcome outcome =
        bench("--quick", "--json", "--only-own", "--soak", "20", "--frames", "3", "--size", "16");

    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonObject soak =
        JsonParser.parseString(outcome.out()).getAsJsonObject().getAsJsonObject("soak");
    assertThat(soak.get("samplings").getAsInt()).isEqualTo(20);
    assertThat(soak.getAsJsonArray("rss_mib"))
        .hasSize(10)
        .allSatisfy(mib -> assertThat(mib.getAsDouble()).isPositive());
  }

  @Test
  void aClipIsTheSameEachTime() throws IOException {
    VideoClip clip = new VideoClip("same", 64, 32, 6, 3, 3, 0);
    Path first = dir.resolve("first.mp4");
    Path second = dir.resolve("second.mp4");
    VideoEncoder.write(clip, first);
    VideoEncoder.write(clip, second);

    assertThat(first).hasSameBinaryContentAs(second);
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("first.mp4", "second.mp4");
  }

  @Test
  void picturesMoveAndFillTheRange() {
    VideoScene scene = new VideoScene(64, 32);
    ByteBuffer first = ByteBuffer.allocate(64 * 32 * 3 / 2);
    ByteBuffer later = ByteBuffer.allocate(64 * 32 * 3 / 2);

    scene.draw(0, first);
    scene.draw(30, later);

    assertThat(first.remaining()).isEqualTo(64 * 32 * 3 / 2);
    assertThat(later).isNotEqualTo(first);
  }

  private static Outcome bench(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "bench";
    all[1] = "video";
    System.arraycopy(args, 0, all, 2, args.length);
    return Outcome.of(all);
  }
}
