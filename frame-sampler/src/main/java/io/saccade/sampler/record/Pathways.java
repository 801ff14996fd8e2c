package io.saccade.sampler.record;

import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.SamplingProfile;
import java.util.BitSet;

/** Which pathways a clip's positions feed: all the slow one, some the fast one too. */
public final class Pathways {

  private final BitSet fast = new BitSet();

  /**
   * With stride s, least number m and T frames: if s = 1 or T is below m all positions are fast,
   * else k = max(T / s, m) at int(i * T / k) (config keys fast_token_temporal_sampling_stride and
   * min_fast_frames).
   *
   * @param frames T, the clip's frames: the profile's number, or fewer with a policy by rate
   */
  public Pathways(SamplingProfile profile, int frames) {
    int stride = Math.max(1, profile.getFastStride());
    int least = Math.max(1, profile.getMinFastFrames());
    if (stride == 1 || frames < least) {
      fast.set(0, frames);
      return;
    }
    int kept = Math.max(frames / stride, least);
    for (long i = 0; i < kept; i++) {
      fast.set((int) (i * frames / kept));
    }
  }

  /** The pathway of one position, from 0. */
  public Pathway of(int position) {
    return fast.get(position) ? Pathway.BOTH : Pathway.SLOW;
  }

  /** The pathways of a frame that stands at several positions. */
  public Pathway of(int first, int positions) {
    int next = fast.nextSetBit(first);
    return next >= 0 && next < first + positions ? Pathway.BOTH : Pathway.SLOW;
  }
}
