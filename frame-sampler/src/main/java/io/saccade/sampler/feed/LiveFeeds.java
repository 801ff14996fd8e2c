package io.saccade.sampler.feed;

import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.bus.Role;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.sampler.record.ByteBudget;
import io.saccade.sampler.record.FrameWriter;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.video.LiveReader;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The part of a sampler that follows live feeds, with what it owns: threads and a producer. */
public final class LiveFeeds implements Role {

  /** The group of all samplers, without prefix. */
  private static final String GROUP = "frame-sampler.feeds";

  /** For manifests and reports besides the frames in flight. */
  private static final long RESERVE_BYTES = 32L << 20;

  /** What brokers set where groups are their business ({@code group.protocol=consumer}). */
  private static final Duration BROKERS_SESSION = Duration.ofSeconds(45);

  private final Metrics metrics;
  private final FeedFollower follower;
  private final FeedContext tools;
  private final ByteBudget budget;
  private final ContractProducer outlet;
  private final ExecutorService threads;
  private final ExecutorService reports;
  private final ScheduledExecutorService timer;

  /**
   * Prepares to follow feeds.
   *
   * @param sampler the name of this sampler in its reports
   * @param encoding of the frames in the log
   * @param reader closed by the caller, after this role
   * @param metrics of the feeds
   */
  public LiveFeeds(
      String sampler,
      BusConfig bus,
      FrameEncoding encoding,
      FeedConfig feeds,
      LiveReader reader,
      Metrics metrics) {
    this.metrics = metrics;
    Map<String, Object> member = bus.consumer(GROUP);
    Duration session = session(member);
    this.budget = new ByteBudget(feeds.bytesInFlight());
    this.outlet = new ContractProducer(roomy(bus, feeds.bytesInFlight() + RESERVE_BYTES));
    this.threads = Executors.newCachedThreadPool(task -> daemon(task, "sampler-feed"));
    this.reports = Executors.newSingleThreadExecutor(task -> daemon(task, "sampler-feed-reports"));
    this.timer =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "sampler-feed-timer"));
    Clock clock = Clock.systemUTC();
    var videos = BusConfig.openConsumer(member, ProtoSerdes.deserializer(Topics.VIDEOS));
    GroupLease tenure = new GroupLease(GroupLease.answers(videos), session, clock);
    this.tools =
        new FeedContext(
            sampler,
            feeds,
            reader,
            new FrameWriter(encoding, budget, outlet::send),
            outlet::send,
            new Semaphore(feeds.maxFeeds()),
            threads,
            reports,
            (task, pause) -> timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS),
            clock,
            new FeedCounters(metrics),
            tenure::holds,
            new SecureRandom());
    this.follower =
        new FeedFollower(
            bus.name(Topics.VIDEOS), videos, new ProfileLog(bus), tenure, new Feeds(tools));
  }

  /** How long the group waits for a silent member with these settings. */
  static Duration session(Map<String, Object> member) {
    Object millis = member.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    return millis == null
        ? BROKERS_SESSION
        : Duration.ofMillis(Long.parseLong(millis.toString().strip()));
  }

  /**
   * A producer in which nobody ever waits for memory: the budget is used up before, as each record
   * takes no more than its size.
   */
  private static BusConfig roomy(BusConfig bus, long bytes) {
    Map<String, String> kafka = new HashMap<>(bus.kafka());
    kafka.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(bytes));
    kafka.put(ProducerConfig.BATCH_SIZE_CONFIG, "0");
    return new BusConfig(bus.bootstrapServers(), bus.topicPrefix(), kafka);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true); // one that a source holds up must not hold up the process
    return thread;
  }

  /** What the feeds are doing and have done. */
  public FeedStatistics statistics() {
    int following = tools.config().maxFeeds() - tools.slots().availablePermits();
    return new FeedStatistics(
        following,
        tools.counters().publishedWindows(),
        tools.counters().droppedWindows(),
        budget.taken());
  }

  @Override
  public void start() {
    metrics.gauge(Metric.FEED_BYTES_IN_FLIGHT, budget::taken);
    metrics.gauge(Metric.READY, () -> health().isReady() ? 1 : 0);
    follower.start();
  }

  @Override
  public CompletionStage<Void> stopped() {
    return follower.stopped();
  }

  @Override
  public Health health() {
    return follower.health();
  }

  @Override
  public void close() {
    follower.close();
    timer.shutdownNow();
    threads.shutdown();
    reports.shutdown();
    outlet.close();
  }
}
