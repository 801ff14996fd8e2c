package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.CollectingSink;
import io.saccade.video.Mutator;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.SampledFrame;
import io.saccade.video.SourceFacts;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.isolation.IsolatedSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Samples damaged files, which must give frames or a typed failure, in time, in little memory, and
 * without ending the decoder process. See decision 38 in {@code docs/decisions.md}. The number of
 * runs is fixed; for more runs: {@code mvn -pl video test -Dtest=FuzzTest -Dfuzz.runs=100000
 * -Dfuzz.seed=7 -Dfuzz.seeds=FOLDER -Dfuzz.keep=FOLDER}, which also takes seeds from a folder and
 * keeps what fails.
 */
public class FuzzTest {
  private static final int RUNS = Integer.getInteger("fuzz.runs", 300);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final int MAX_SEED_BYTES = 1 << 20;
  private static final long MAX_RESIDENT_BYTES = 700L << 20;

  private static final VideoLimits LIMITS =
      new VideoLimits(
          1 << 30,
          1L << 26,
          64,
          1_000_000,
          Duration.ofDays(7),
          MAX_RESIDENT_BYTES,
          Duration.ofSeconds(10),
          2);

  @TempDir private Path folder;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> found = new ArrayList<>();

  @Test
  void damagedFilesEndInFramesOrATypedFailure() throws Exception {
    List<byte[]> seeds = seeds();
    Random random = new Random(SEED);
    try (IsolatedSampler sampler = new IsolatedSampler(LIMITS)) {
      for (int run = 0; run < RUNS; run++) {
        byte[] seed = seeds.get(random.nextInt(seeds.size()));
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        byte[] damaged = new Mutator(SEED * 1_000_003 + run).mutate(seed, other);
        Path file = Files.write(folder.resolve("fuzz"), damaged);
        check(sampler, file, run);
      }
    }
    System.out.println("fuzz: " + RUNS + " files: " + outcomes);
    assertThat(found).isEmpty();
  }

  private void check(IsolatedSampler sampler, Path file, int run) throws IOException {
    CollectingSink sink = new CollectingSink();
    SampleSpec spec = SampleSpec.uniform(4, 32, ResizeRule.SHORTEST_EDGE_CENTER_CROP);
    String outcome;
    try {
      SourceFacts facts = sampler.sample(VideoFile.of(file), spec, sink, () -> false);
      int positions = sink.frames().stream().mapToInt(SampledFrame::positions).sum();
      boolean sound = positions == spec.frames() && facts.frameCount() > 0;
      outcome = sound ? "OK" : "OK with %d of %d frames".formatted(positions, spec.frames());
    } catch (VideoException e) {
      outcome = e.category().name();
    }
    if (sampler.peakResidentBytes() > MAX_RESIDENT_BYTES) {
      outcome = "MEMORY %d MiB".formatted(sampler.peakResidentBytes() >> 20);
      sampler.retire(); // or each file from here on would be blamed
    }
    outcomes.merge(outcome, 1, Integer::sum);
    if (outcome.startsWith("OK with")
        || outcome.startsWith("MEMORY")
        || outcome.equals(Category.CRASHED.name())
        || outcome.equals(Category.TIMEOUT.name())) {
      found.add("seed %d, run %d: %s".formatted(SEED, run, outcome));
      keep(file, run);
    }
  }

  private static void keep(Path file, int run) throws IOException {
    String keep = System.getProperty("fuzz.keep");
    if (keep != null) {
      Files.copy(file, Files.createDirectories(Path.of(keep)).resolve(SEED + "-" + run));
    }
  }

  private List<byte[]> seeds() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("a.mp4", "a.mkv", "a.ts", "a.avi", "a.mov", "a.flv")) {
      TestClip clip = TestClip.of(20).gop(6);
      Path file = folder.resolve(name);
      seeds.add(
          Files.readAllBytes((name.endsWith("flv") ? clip.h264() : clip.bFrames(2)).write(file)));
    }
    for (String name : List.of("h.mp4", "h.mkv", "h.ts")) {
      seeds.add(Files.readAllBytes(TestClip.of(20).gop(6).h264().write(folder.resolve(name))));
    }
    Path resources = Path.of("src", "test", "resources");
    seeds.add(Files.readAllBytes(resources.resolve("animated.gif")));
    seeds.add(Files.readAllBytes(resources.resolve("discard_first_keyframe.mp4")));
    String more = System.getProperty("fuzz.seeds");
    if (more != null) {
      try (Stream<Path> files = Files.list(Path.of(more))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          if (Files.size(file) > 0 && Files.size(file) <= MAX_SEED_BYTES) {
            seeds.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return seeds;
  }
}
