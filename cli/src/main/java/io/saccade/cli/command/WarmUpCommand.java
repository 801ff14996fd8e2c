package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.DemoQuestions;
import io.saccade.cli.local.DemoQuestions.Item;
import io.saccade.cli.local.DiscardedFrames;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
import io.saccade.cli.local.Shipped;
import io.saccade.cli.option.EngineOptions;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.sampling.VideoSampler;
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
public final class WarmUpCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    Path clips = Shipped.demoClips();
    Item item = DemoQuestions.read(clips).items().get(0);
    loadDecoder(clips);
    try (Lifecycle running = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              running,
              running.folder(),
              0,
              b -> SamplerConfig.defaults(b, AccessConfig.files(List.of(clips))),
              engine::engine);
      try (QuestionClient asking = new QuestionClient(running, bus)) {
        asking.publish(item.video());
        var unused = asking.ask(List.of(item.question("warm-up")), TIMEOUT, answer -> {});
      }
    }
    return ExitCode.OK;
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
                  new DiscardedFrames(),
                  () -> false);
    }
  }
}
