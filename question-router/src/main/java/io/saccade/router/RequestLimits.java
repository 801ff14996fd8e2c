package io.saccade.router;

import io.saccade.bus.Problems;
import java.time.Duration;

/**
 * How much the router asks of samplers and workers at once, and how often again.
 *
 * @param maxStandingRequests most windows of standing questions that one partition has at the
 *     workers, 1 to 10,000; fewer when more could not be answered in time
 * @param hotVideoRequests open requests of one video that go to its own partition, 1 to 1,000,000;
 *     the next as many go to the one after it, and so on
 * @param samplingAttempts how often a clip is sampled while that fails for a passing reason, 1 to
 *     20
 * @param samplingPause pause before the second of these attempts, 1 ms to 10 min; it doubles with
 *     each further one
 */
public record RequestLimits(
    int maxStandingRequests, int hotVideoRequests, int samplingAttempts, Duration samplingPause) {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** 64 windows a partition, 8 requests of a video, three attempts of which the second in 1 s. */
  public static final RequestLimits DEFAULT = new RequestLimits(64, 8, 3, Duration.ofSeconds(1));

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming everything that is out of range
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
