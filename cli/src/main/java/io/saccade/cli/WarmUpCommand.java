package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.cli.DemoQuestions.Item;
import io.saccade.proto.FrameEncoding;
import io.saccade.video.AccessConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
    try (TemporaryFolder data = TemporaryFolder.create();
        Running running = new Running()) {
      BusConfig bus =
          LocalService.start(
              running,
              data.path(),
              0,
              AccessConfig.files(List.of(clips)),
              FrameEncoding.RAW,
              engine::engine);
      try (Asking asking = new Asking(running, bus)) {
        asking.publish(item.video());
        var unused = asking.ask(List.of(item.question("warm-up")), TIMEOUT, answer -> {});
      }
    }
    return Main.OK;
  }
}
