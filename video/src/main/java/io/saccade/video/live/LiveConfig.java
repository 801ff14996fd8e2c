package io.saccade.video.live;

import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.ListenRule;
import java.util.List;
import java.util.Objects;

/**
 * What live videos may be followed, and what that may cost.
 *
 * @param access files and hosts, as for recordings; an {@code rtsp:} host needs a rule with its
 *     port unless that is the scheme's own (554, 322)
 * @param listens where {@code udp:} sources may be listened for; none unless named
 * @param limits what one frame and one decoder process may cost; those of time, packets and
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
