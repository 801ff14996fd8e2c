package io.saccade.sampler;

import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts clips and frames. May be used from any thread. */
final class SamplerMetrics {

  private final Metrics metrics;
  private final AtomicLong inFlight = new AtomicLong();

  SamplerMetrics(Metrics metrics) {
    this.metrics = metrics;
    metrics.gauge(Metric.FRAME_BYTES_IN_FLIGHT, inFlight::get);
  }

  /** A clip was sampled, or could not be. */
  void sampled(ClipManifest manifest) {
    if (manifest.hasFailure()) {
      metrics.count(Metric.CLIPS_FAILED, manifest.getFailure().getCode());
      return;
    }
    SamplingTimings timings = manifest.getTimings();
    metrics.count(Metric.CLIPS_SAMPLED);
    metrics.time(Metric.SAMPLER_DECODE, Times.java(timings.getDecode()));
    metrics.time(Metric.SAMPLER_PUBLISH, Times.java(timings.getPublish()));
  }

  /** A frame of so many bytes was sent, and is in flight until it is acknowledged or refused. */
  <T> CompletableFuture<T> sent(int bytes, CompletableFuture<T> acknowledged) {
    metrics.count(Metric.FRAMES_SENT);
    metrics.add(Metric.FRAME_BYTES_SENT, bytes);
    inFlight.addAndGet(bytes);
    return acknowledged.whenComplete((at, failure) -> inFlight.addAndGet(-bytes));
  }
}
