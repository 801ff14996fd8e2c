package io.saccade.router.state;

import io.saccade.proto.Digests;
import io.saccade.proto.v1.SamplingProfile;

/** Keys of the router's stores, built so that a prefix selects one video and no other. */
final class Keys {

  private Keys() {}

  /**
   * The prefix of all keys of a video. The id's length comes first, because ids may hold any
   * character, a separator too.
   */
  static String video(String videoId) {
    return videoId.length() + ":" + videoId;
  }

  /** The key of a video's windows in one sampling profile. */
  static String feed(String videoId, SamplingProfile profile) {
    return video(videoId) + Digests.of(profile);
  }
}
