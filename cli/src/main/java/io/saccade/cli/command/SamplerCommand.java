package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.option.FeedOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.HostOptions;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.RoleBusOptions;
import io.saccade.cli.option.RootOptions;
import io.saccade.cli.option.TelemetryOptions;
import io.saccade.ingest.Access;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.MetricScope;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade sampler}: runs a frame sampler. */
@Command(
    name = "sampler",
    description =
        "Runs a frame sampler, which decodes clips, follows live feeds and publishes their frames.")
public final class SamplerCommand implements Service {

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
      description = "How many clips are decoded at a time. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long clips in progress may take when the sampler stops. Default: ${DEFAULT-VALUE}")
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
    try (Lifecycle lifecycle = telemetry.open(MetricScope.SAMPLER)) {
      bus.requireAccess(Access.SAMPLER);
      lifecycle.start(MetricScope.SAMPLER, new FrameSampler(sampler, lifecycle.telemetry()));
      lifecycle.await();
    }
    return ExitCode.OK;
  }
}
