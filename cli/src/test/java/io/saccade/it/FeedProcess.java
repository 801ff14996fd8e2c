package io.saccade.it;

import io.saccade.bus.BusConfig;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.isolation.IsolatedSampler;
import java.util.List;

/** A sampler of {@link ScriptedFeeds} in a process of its own, to be killed or halted. */
public final class FeedProcess {

  private FeedProcess() {}

  /** Takes the bootstrap servers and the topic prefix, prints {@code begun}, runs on. */
  public static void main(String[] args) throws Exception {
    BusConfig bus = new BusConfig(args[0], args[1], Bus.QUICK_GROUPS);
    SamplerConfig config =
        SamplerConfig.defaults(bus, AccessConfig.files(List.of()))
            .withFeeds("process", FeedConfig.defaults());
    try (FrameSampler sampler =
        new FrameSampler(config, new IsolatedSampler(config.limits()), new ScriptedFeeds())) {
      sampler.start();
      System.out.println("begun");
      sampler.stopped().toCompletableFuture().get();
    }
  }
}
