package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HttpFetches;
import io.saccade.video.access.RemoteUri;
import io.saccade.video.feed.HlsPlaylist.Segment;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of an HLS playlist, one after the other: from the first where the playlist has its
 * end, else from the third before the last. What does not go on from the segment before is cut off
 * from it.
 */
final class HlsStream {
  private static final Logger log = LoggerFactory.getLogger(HlsStream.class);
  private static final int BEHIND_LIVE = 3;

  /** Segments and reloads that fail one after the other, before the source counts as lost. */
  private static final int MAX_FAILURES = 3;

  private final HttpFetches fetches;
  private final int imageSize;
  private final FeedOutlet out;
  private RemoteUri place;
  private HlsPlaylist playlist;
  private Optional<String> map = Optional.empty();
  private int failures;

  HlsStream(HttpFetches fetches, int imageSize, FeedOutlet out) {
    this.fetches = fetches;
    this.imageSize = imageSize;
    this.out = out;
  }

  /**
   * Opens a playlist, or of several variants the best one.
   *
   * @param found where it was found
   * @param text what was found there
   */
  void open(RemoteUri found, String text) throws VideoException {
    place = found;
    playlist = HlsPlaylist.parse(text);
    if (playlist.isMaster()) {
      openVariant();
    }
  }

  private void openVariant() throws VideoException {
    HlsPlaylist.Variant variant = playlist.choose(imageSize);
    log.info(
        "event=hls_variant edge={} bandwidth={} of={}",
        variant.edge(),
        variant.bandwidth(),
        playlist.variants().size());
    PlaylistText media = new PlaylistText();
    place = fetches.fetch(place.following(variant.uri()), media, PlaylistText.MAX_BYTES);
    playlist = HlsPlaylist.parse(media.text());
    if (playlist.isMaster()) {
      throw new VideoException(Category.UNREADABLE, "a playlist of variants names another one");
    }
  }

  /** Whether more segments are to come. */
  boolean isLive() {
    return !playlist.ended();
  }

  /** Follows the playlist until its end or until the transfers are aborted. */
  void run() throws VideoException {
    long next = start(playlist);
    while (true) {
      long begin = System.nanoTime();
      long before = next;
      if (playlist.sequence() > next || restarted(playlist, next)) {
        cut();
        next = start(playlist);
      }
      for (; next < playlist.end(); next++) {
        send(playlist.segments().get((int) (next - playlist.sequence())));
      }
      if (playlist.ended()) {
        return;
      }
      Duration wait = next == before ? playlist.target().dividedBy(2) : playlist.target();
      if (!fetches.pause(wait.minusNanos(System.nanoTime() - begin))) {
        return;
      }
      reload();
    }
  }

  private static long start(HlsPlaylist playlist) {
    return playlist.ended()
        ? playlist.sequence()
        : Math.max(playlist.sequence(), playlist.end() - BEHIND_LIVE);
  }

  /** Whether the numbers began anew; a cache may be a few segments behind. */
  private static boolean restarted(HlsPlaylist playlist, long next) {
    return playlist.end() < next - Math.max(playlist.segments().size(), BEHIND_LIVE);
  }

  private void reload() throws VideoException {
    try {
      PlaylistText text = new PlaylistText();
      fetches.fetch(place, text, PlaylistText.MAX_BYTES);
      HlsPlaylist next = HlsPlaylist.parse(text.text());
      playlist = next.isMaster() ? playlist : next;
    } catch (VideoException e) {
      noteFailure(e);
    }
  }

  private void send(Segment segment) throws VideoException {
    if (segment.discontinuity() || segment.missing() || !segment.map().equals(map)) {
      cut();
    }
    if (segment.missing()) {
      return;
    }
    try {
      if (segment.map().isPresent() && !segment.map().equals(map)) {
        fetches.fetch(place.following(segment.map().get()), out, Long.MAX_VALUE);
      }
      map = segment.map();
      fetches.fetch(place.following(segment.uri()), out, Long.MAX_VALUE);
      failures = 0;
    } catch (VideoException e) {
      cut();
      noteFailure(e);
    }
  }

  private void cut() {
    out.cut();
    map = Optional.empty();
  }

  /** A few may fail, as long as they are allowed; what was there once may be there again. */
  private void noteFailure(VideoException failure) throws VideoException {
    if (failure.category() == Category.REFUSED) {
      throw failure;
    }
    failures++;
    if (failures >= MAX_FAILURES) {
      throw VideoException.passing(failure.category(), failure.getMessage(), failure);
    }
    log.warn("event=hls_failure failures={} reason=\"{}\"", failures, failure.getMessage());
  }
}
