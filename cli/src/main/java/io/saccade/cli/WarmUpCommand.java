package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.cli.DemoQuestions.Item;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.AccessConfig;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.VideoSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Not for users: answers one question of the demo, so that native libraries are unpacked and the
 * launcher can have the JVM archive the classes of a start ({@code -XX:ArchiveClassesAtExit}).
 */
@Command(name = "warm-up", hidden = true, description = "Loads what a start needs.")
final class WarmUpCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    Path clips = Shipped.demoClips();
    Item item = DemoQuestions.read(clips).items().get(0);
    loadDecoder(clips);
    try (Running running = new Running()) {
      BusConfig bus =
          LocalService.start(
              running,
              running.folder(),
              0,
              b -> SamplerConfig.defaults(b, AccessConfig.files(List.of(clips))),
              engine::engine);
      try (Asking asking = new Asking(running, bus)) {
        asking.publish(item.video());
        var unused = asking.ask(List.of(item.question("warm-up")), TIMEOUT, answer -> {});
      }
    }
    return Main.OK;
  }

  /** Decodes here what a decoder process decodes otherwise, so that its classes are archived. */
  private static void loadDecoder(Path clips) throws IOException, VideoException {
    try (Stream<Path> files = Files.list(clips)) {
      Path clip = files.filter(file -> file.toString().endsWith(".mp4")).findFirst().orElseThrow();
      var unused =
          new VideoSampler(VideoLimits.defaults())
              .sample(
                  VideoFile.of(clip),
                  SampleSpec.uniform(1, 16, ResizeRule.SQUASH),
                  new VideoInspectCommand.Discarding(),
                  () -> false);
    }
  }
}
