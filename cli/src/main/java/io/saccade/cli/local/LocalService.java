package io.saccade.cli.local;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import io.saccade.worker.Engine;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;

/** Starts an embedded broker and every role in this process. */
public final class LocalService {

  private LocalService() {}

  /** Starts everything with a worker of the default settings. */
  public static BusConfig start(
      Lifecycle lifecycle,
      Path data,
      int port,
      Function<BusConfig, SamplerConfig> sampler,
      Supplier<Engine> engine) {
    return start(lifecycle, data, port, sampler, engine, worker -> worker);
  }

  /**
   * Starts everything and creates the topics. The model is loaded while the broker starts.
   *
   * @param lifecycle closes what was started
   * @param data folder of the broker's log and the router's state; an existing one is continued
   * @param port the broker's port on the loopback address, 0 for a free one
   * @param sampler makes the frame sampler's settings
   * @param engine loads the engine; called on another thread
   * @param worker changes the worker's default settings
   * @return the settings of a client of the broker
   */
  public static BusConfig start(
      Lifecycle lifecycle,
      Path data,
      int port,
      Function<BusConfig, SamplerConfig> sampler,
      Supplier<Engine> engine,
      UnaryOperator<WorkerConfig> worker) {
    CompletableFuture<Engine> loading = CompletableFuture.supplyAsync(engine);
    EmbeddedBroker started =
        lifecycle.open(
            () -> EmbeddedBroker.start(BrokerConfig.local(data.resolve("broker"), port)));
    BusConfig bus = BusConfig.of(started.bootstrapServers());
    createTopics(bus);
    Telemetry telemetry = lifecycle.telemetry();
    lifecycle.start(
        MetricScope.ROUTER,
        new QuestionRouter(RouterConfig.defaults(bus, data.resolve("router")), telemetry));
    lifecycle.start(MetricScope.SAMPLER, new FrameSampler(sampler.apply(bus), telemetry));
    WorkerConfig config = worker.apply(WorkerConfig.defaults(bus, "local"));
    lifecycle.start(MetricScope.WORKER, new InferenceWorker(config, loading.join(), telemetry));
    return bus;
  }

  private static void createTopics(BusConfig bus) {
    try (Admin admin = BusCheck.connect(bus)) {
      var unused = new TopicCreator(admin, bus, TopicPlan.DEFAULT).create();
    }
  }
}
