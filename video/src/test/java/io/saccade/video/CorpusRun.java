package io.saccade.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Samples every file of a folder of test videos and writes what its {@code check.py} reads: PNGs
 * and RESULTS.json. Arguments: folder, N, image size, output folder.
 */
final class CorpusRun {
  private final Path videos;
  private final int frames;
  private final int imageSize;
  private final Path output;

  private CorpusRun(Path videos, int frames, int imageSize, Path output) {
    this.videos = videos;
    this.frames = frames;
    this.imageSize = imageSize;
    this.output = output;
  }

  public static void main(String[] args) throws IOException {
    CorpusRun run =
        new CorpusRun(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Files.createDirectories(Path.of(args[3])));
    run.all();
  }

  private void all() throws IOException {
    TreeMap<String, String> results = new TreeMap<>();
    for (Path file : files()) {
      String name = videos.relativize(file).toString();
      long start = System.nanoTime();
      results.put(name, "\"" + name + "\": " + one(file, name));
      System.out.printf(Locale.ROOT, "%8.0f ms  %s%n", (System.nanoTime() - start) / 1e6, name);
    }
    Files.writeString(
        output.resolve("RESULTS.json"),
        "{\n" + String.join(",\n", results.values()) + "\n}\n",
        StandardCharsets.UTF_8);
    System.out.println(status());
  }

  private List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : List.of(videos, videos.resolve("bad"))) {
      try (Stream<Path> children = Files.list(folder)) {
        children.filter(Files::isRegularFile).sorted().forEach(found::add);
      }
    }
    found.removeIf(file -> file.toString().matches(".*\\.(json|py|md)"));
    return found;
  }

  private String one(Path file, String name) throws IOException {
    CollectingSink sink = new CollectingSink();
    SampleSpec spec = SampleSpec.uniform(frames, imageSize, ResizeRule.SHORTEST_EDGE_CENTER_CROP);
    try {
      SourceFacts facts =
          new VideoSampler(VideoLimits.defaults())
              .sample(VideoFile.of(file), spec, sink, () -> false);
      System.out.println("         " + facts + (sink.restarts() > 0 ? " RESTARTED" : ""));
      List<String> entries = new ArrayList<>();
      for (SampledFrame frame : sink.frames()) {
        String png = name.replace('/', '_') + "." + frame.frameIndex() + ".png";
        write(frame, output.resolve(png));
        for (int i = 0; i < frame.positions(); i++) {
          entries.add(
              String.format(
                  Locale.ROOT,
                  "{\"index\": %d, \"pts_seconds\": %.6f, \"png\": \"%s\"}",
                  frame.frameIndex(),
                  seconds(frame.pts()),
                  png));
        }
      }
      return "{\"frames\": [" + String.join(", ", entries) + "], \"error\": null}";
    } catch (VideoException e) {
      System.out.println("         " + e.category() + ": " + e.getMessage());
      return "{\"frames\": [], \"error\": {\"category\": \"%s\", \"decoded_frames\": %d}}"
          .formatted(e.category(), e.decodedFrames());
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void write(SampledFrame frame, Path png) throws IOException {
    ByteBuffer rgb = frame.rgb();
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < frame.width() * frame.height(); i++) {
      int pixel =
          ((rgb.get(3 * i) & 0xff) << 16)
              | ((rgb.get(3 * i + 1) & 0xff) << 8)
              | (rgb.get(3 * i + 2) & 0xff);
      image.setRGB(i % frame.width(), i / frame.width(), pixel);
    }
    ImageIO.write(image, "png", png.toFile());
  }

  private static String status() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return String.join(
          " ", lines.filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS")).toList());
    }
  }
}
