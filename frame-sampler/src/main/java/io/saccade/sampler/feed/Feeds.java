package io.saccade.sampler.feed;

import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.sampler.record.SamplingFailures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds that this sampler follows: one for each live video and distinct profile. Not
 * thread-safe; no method blocks.
 */
final class Feeds {

  private static final Logger log = LoggerFactory.getLogger(Feeds.class);

  private final FeedContext tools;
  private final Map<String, Followed> videos = new HashMap<>();

  /** What was told to stop and has perhaps not yet. */
  private final List<CompletableFuture<Void>> stopping = new ArrayList<>();

  private Set<FeedProfile> profiles = Set.of();

  /** A video's plan, its feeds, and who speaks of all of them. */
  private record Followed(FeedPlan plan, Map<FeedProfile, Feed> feeds, FeedReporter reporter) {}

  /** No feeds, and no profile to follow them for. */
  Feeds(FeedContext tools) {
    this.tools = tools;
  }

  /**
   * Follows a live video from now on. One that is followed with the same plan goes on; one that
   * ended begins anew.
   */
  void follow(VideoReference video) {
    String id = video.getVideoId();
    try {
      FeedPlan plan = FeedPlan.of(video);
      Followed before = videos.get(id);
      if (before == null || !before.plan().equals(plan)) {
        stop(id, FeedEnding.REPLACED);
        videos.put(id, new Followed(plan, new HashMap<>(), new FeedReporter(id, tools)));
      } else {
        removeEnded(before);
      }
      addMissing(id);
    } catch (BadRequestException e) {
      stop(id, FeedEnding.REPLACED);
      FeedReporter reporter = new FeedReporter(id, tools);
      reporter.refuse(SamplingFailures.of(FailureCode.VIDEO_REFUSED, e.getMessage()));
      stopping.add(reporter.settled());
    }
  }

  private static void removeEnded(Followed video) {
    List<Feed> ended = video.feeds().values().stream().filter(Feed::hasEnded).toList();
    video.feeds().values().removeAll(ended);
    video.reporter().leave(ended);
  }

  /** Stops the feeds of a video, if there are any. */
  void stop(String videoId, FeedEnding ending) {
    Followed gone = videos.remove(videoId);
    if (gone != null) {
      stop(gone.feeds().values());
      gone.reporter().end(ending);
      stopping.add(gone.reporter().settled());
    }
  }

  /** Follows each video for these profiles, and for no others. */
  void profiles(Set<FeedProfile> announced) {
    log.info("event=profiles count={}", announced.size());
    profiles = Set.copyOf(announced);
    for (Map.Entry<String, Followed> video : videos.entrySet()) {
      FeedReporter reporter = video.getValue().reporter();
      List<Feed> old = removeOld(video.getValue().feeds());
      stop(old);
      if (profiles.isEmpty()) {
        reporter.end(FeedEnding.UNANNOUNCED);
      } else {
        reporter.leave(old);
        addMissing(video.getKey());
      }
    }
  }

  private List<Feed> removeOld(Map<FeedProfile, Feed> feeds) {
    List<FeedProfile> old =
        feeds.keySet().stream().filter(profile -> !profiles.contains(profile)).toList();
    return old.stream().map(feeds::remove).toList();
  }

  /** Completes when everything that was told to stop has stopped and published what it had. */
  CompletableFuture<Void> settled() {
    return CompletableFuture.allOf(stopping.toArray(CompletableFuture<?>[]::new));
  }

  private void stop(Collection<Feed> feeds) {
    stopping.removeIf(CompletableFuture::isDone);
    feeds.forEach(feed -> stopping.add(feed.stop()));
  }

  private void addMissing(String videoId) {
    Followed video = videos.get(videoId);
    if (profiles.isEmpty()) {
      log.info("event=feed_waits video_id={} reason=\"no model is announced\"", videoId);
    }
    for (FeedProfile profile : profiles) {
      video
          .feeds()
          .computeIfAbsent(
              profile,
              missing -> {
                Feed feed = new Feed(videoId, video.plan(), missing, video.reporter(), tools);
                feed.start();
                return feed;
              });
    }
  }
}
