package io.saccade.router.state;

import io.saccade.proto.Digests;
import io.saccade.proto.v1.SamplingProfile;

/**
 * Keys of the router's stores. All keys of a video share a prefix that no key of another video has.
 */
final class Keys {

  private Keys() {}

  /**
   * The prefix of all keys of a video. It begins with the id's length, because ids may contain any
   * character, also a separator.
   */
  static String video(String videoId) {
    return videoId.length() + ":" + videoId;
  }

  /** The key of a feed's windows in one sampling profile. */
  static String feed(String videoId, SamplingProfile profile) {
    return video(videoId) + Digests.of(profile);
  }
}
