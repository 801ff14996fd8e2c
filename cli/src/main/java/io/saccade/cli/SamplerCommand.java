package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.ingest.Access;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.Owner;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade sampler}: a frame sampler alone. */
@Command(
    name = "sampler",
    description =
        "Runs a frame sampler, which decodes clips, follows live feeds and publishes their frames.")
final class SamplerCommand implements Service {

  @Mixin private RoleBusOptions bus;
  @Mixin private RootOptions roots;
  @Mixin private HostOptions hosts;
  @Mixin private FrameOptions frames;
  @Mixin private LimitOptions limits;
  @Mixin private FeedOptions feeds;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--sampler-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Clips decoded at a time. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long clips under way may take when the sampler stops. Default: ${DEFAULT-VALUE}")
  private Duration grace;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    BusConfig config = bus.config();
    SamplerConfig sampler =
        new SamplerConfig(
            config,
            hosts.config(roots.roots()),
            limits.limits(),
            threads,
            grace,
            frames.encoding(),
            feeds.name(),
            feeds.config());
    try (Running running = telemetry.open(Owner.SAMPLER)) {
      bus.requireAccess(Access.SAMPLER);
      running.start(Owner.SAMPLER, new FrameSampler(sampler, running.telemetry()));
      running.await();
    }
    return Main.OK;
  }
}
