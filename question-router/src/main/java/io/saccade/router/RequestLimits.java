package io.saccade.router;

import io.saccade.bus.Problems;
import java.time.Duration;

/**
 * How many requests the router sends to samplers and workers at once, and how often it repeats a
 * failed sampling.
 *
 * @param maxStandingRequests largest number of windows of standing questions that one partition has
 *     at the workers at a time, 1 to 10,000; the router sends fewer when more could not be answered
 *     in time
 * @param hotVideoRequests number of open requests of one video that go to the video's own
 *     partition, 1 to 1,000,000; as many go to the next partition, and so on
 * @param samplingAttempts number of attempts to sample a clip while each fails for a passing
 *     reason, 1 to 20
 * @param samplingPause pause before the second of these attempts, 1 ms to 10 min; it doubles with
 *     each further one
 */
public record RequestLimits(
    int maxStandingRequests, int hotVideoRequests, int samplingAttempts, Duration samplingPause) {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** 64 windows a partition, 8 requests a video, three attempts with a first pause of 1 s. */
  public static final RequestLimits DEFAULT = new RequestLimits(64, 8, 3, Duration.ofSeconds(1));

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is out of range
   */
  public RequestLimits {
    Problems problems = new Problems();
    within(problems, "max-standing-requests", maxStandingRequests, 10_000);
    within(problems, "hot-video-requests", hotVideoRequests, 1_000_000);
    within(problems, "sampling-attempts", samplingAttempts, 20);
    problems
        .unless(
            samplingPause.compareTo(SHORTEST_PAUSE) >= 0
                && samplingPause.compareTo(LONGEST_PAUSE) <= 0,
            "sampling-pause",
            samplingPause,
            "must be " + SHORTEST_PAUSE + " to " + LONGEST_PAUSE)
        .throwIfAny("router");
  }

  private static void within(Problems problems, String name, int value, int most) {
    problems.unless(value >= 1 && value <= most, name, value, "must be 1 to " + most);
  }
}
