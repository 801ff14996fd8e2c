package io.saccade.sampler;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import io.saccade.proto.FrameEncoding;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import java.time.Duration;

/**
 * How a frame sampler runs.
 *
 * @param bus where the broker is
 * @param access which URIs may be opened
 * @param limits what one video may cost
 * @param threads clips decoded at a time, 1 to 64
 * @param grace how long clips under way may take to finish when the sampler stops; what does not
 *     finish is sampled again by another one
 * @param encoding how the frames' pixels are stored
 * @param name the sampler's in logs and reports, 1 to 200 characters
 * @param feeds how live feeds are followed
 */
public record SamplerConfig(
    BusConfig bus,
    AccessConfig access,
    VideoLimits limits,
    int threads,
    Duration grace,
    FrameEncoding encoding,
    String name,
    FeedConfig feeds) {

  private static final int MAX_NAME = 200;

  /** Checks the ranges. */
  public SamplerConfig {
    new Problems()
        .unless(threads >= 1 && threads <= 64, "sampler-threads", threads, "must be 1 to 64")
        .unless(!grace.isNegative(), "grace", grace, "must not be negative")
        .unless(
            !name.isBlank() && name.length() <= MAX_NAME,
            "sampler-name",
            "'" + name + "'",
            "must have 1 to " + MAX_NAME + " characters")
        .throwIfAny("sampler");
  }

  /** One clip at a time, default limits, 10 s of grace, pixels as they are, default feeds. */
  public static SamplerConfig defaults(BusConfig bus, AccessConfig access) {
    return new SamplerConfig(
        bus,
        access,
        VideoLimits.defaults(),
        1,
        Duration.ofSeconds(10),
        FrameEncoding.RAW,
        defaultName(),
        FeedConfig.defaults());
  }

  /** The name of a sampler that was given none: its process id. */
  public static String defaultName() {
    return "sampler-" + ProcessHandle.current().pid();
  }

  /** The same with other limits. */
  public SamplerConfig withLimits(VideoLimits other) {
    return new SamplerConfig(bus, access, other, threads, grace, encoding, name, feeds);
  }

  /** The same with pixels stored in another way. */
  public SamplerConfig withEncoding(FrameEncoding other) {
    return new SamplerConfig(bus, access, limits, threads, grace, other, name, feeds);
  }

  /** The same under a name, with feeds followed in another way. */
  public SamplerConfig withFeeds(String otherName, FeedConfig other) {
    return new SamplerConfig(bus, access, limits, threads, grace, encoding, otherName, other);
  }
}
