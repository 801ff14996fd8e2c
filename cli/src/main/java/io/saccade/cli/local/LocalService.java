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

/** All of Saccade in one process: an embedded broker and every role. */
public final class LocalService {

  private LocalService() {}

  /** The same with a worker of the default settings. */
  public static BusConfig start(
      Lifecycle running,
      Path data,
      int port,
      Function<BusConfig, SamplerConfig> sampler,
      Supplier<Engine> engine) {
    return start(running, data, port, sampler, engine, worker -> worker);
  }

  /**
   * Starts everything; the model loads while the broker starts.
   *
   * @param running takes over what was started
   * @param data folder of the broker's log and the router's state; continued if it exists
   * @param port the broker's port on this machine, 0 for a free one
   * @param sampler how the frame sampler runs
   * @param engine loads the engine
   * @param worker changes the worker's default settings
   * @return how to reach the broker
   */
  public static BusConfig start(
      Lifecycle running,
      Path data,
      int port,
      Function<BusConfig, SamplerConfig> sampler,
      Supplier<Engine> engine,
      UnaryOperator<WorkerConfig> worker) {
    CompletableFuture<Engine> loading = CompletableFuture.supplyAsync(engine);
    EmbeddedBroker started =
        running.open(() -> EmbeddedBroker.start(BrokerConfig.local(data.resolve("broker"), port)));
    BusConfig bus = BusConfig.of(started.bootstrapServers());
    createTopics(bus);
    Telemetry telemetry = running.telemetry();
    running.start(
        MetricScope.ROUTER,
        new QuestionRouter(RouterConfig.defaults(bus, data.resolve("router")), telemetry));
    running.start(MetricScope.SAMPLER, new FrameSampler(sampler.apply(bus), telemetry));
    WorkerConfig config = worker.apply(WorkerConfig.defaults(bus, "local"));
    running.start(MetricScope.WORKER, new InferenceWorker(config, loading.join(), telemetry));
    return bus;
  }

  private static void createTopics(BusConfig bus) {
    try (Admin admin = BusCheck.connect(bus)) {
      var unused = new TopicCreator(admin, bus, TopicPlan.DEFAULT).create();
    }
  }
}
