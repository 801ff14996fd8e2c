package io.saccade.video.live;

import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.ListenRule;
import java.util.List;
import java.util.Objects;

/**
 * The live videos that may be followed, and the resource limits.
 *
 * @param access the allowed files and hosts, as for recordings; an {@code rtsp:} host needs a rule
 *     with its port unless that is the scheme's default port (554, 322)
 * @param listens the addresses and ports at which {@code udp:} sources may be received; with none,
 *     no such source is allowed
 * @param limits the limits of one frame and one decoder process; the limits of time, packets and
 *     duration do not apply
 */
public record LiveConfig(AccessConfig access, List<ListenRule> listens, VideoLimits limits) {

  /** Copies the list. */
  public LiveConfig {
    Objects.requireNonNull(access, "access");
    listens = List.copyOf(listens);
    Objects.requireNonNull(limits, "limits");
  }
}
