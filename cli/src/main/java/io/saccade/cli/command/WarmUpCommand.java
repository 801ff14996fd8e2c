package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.DemoQuestions;
import io.saccade.cli.local.DemoQuestions.Item;
import io.saccade.cli.local.DiscardedFrames;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
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
 * {@code saccade warm-up}, which the launcher runs, not a user: answers one question of the demo,
 * which unpacks native libraries and loads the classes that the JVM then archives ({@code
 * -XX:ArchiveClassesAtExit}).
 */
@Command(name = "warm-up", hidden = true, description = "Loads what a start needs.")
public final class WarmUpCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws Exception {
    Path clips = DemoFiles.demoClips();
    Item item = DemoQuestions.read(clips).items().get(0);
    loadDecoder(clips);
    try (Lifecycle lifecycle = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              lifecycle,
              lifecycle.folder(),
              0,
              b -> SamplerConfig.defaults(b, AccessConfig.files(List.of(clips))),
              engine::engine);
      try (QuestionClient client = new QuestionClient(lifecycle, bus)) {
        client.publish(item.video());
        var unused = client.ask(List.of(item.question("warm-up")), TIMEOUT, answer -> {});
      }
    }
    return ExitCode.OK;
  }

  /** Decodes a clip in this process, so that the classes of decoder processes are archived, too. */
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
