package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HttpFetcher;
import io.saccade.video.access.RemoteUri;
import io.saccade.video.feed.HlsPlaylist.Segment;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the segments of an HLS playlist one after the other: from the first one if the playlist has
 * ended, else from the third-last (RFC 8216, 6.3.3). Segments that do not continue the one before
 * are separated from it by {@link DecoderChannel#cut}.
 */
final class HlsStream {
  private static final Logger log = LoggerFactory.getLogger(HlsStream.class);
  private static final int SEGMENTS_BEHIND_END = 3;

  /** After this many consecutive failures of segments and reloads, the source counts as lost. */
  private static final int MAX_FAILURES = 3;

  private final HttpFetcher fetcher;
  private final DecoderChannel out;
  private final RemoteUri uri;
  private HlsPlaylist playlist;
  private Optional<String> map = Optional.empty();
  private int failures;

  private HlsStream(HttpFetcher fetcher, DecoderChannel out, RemoteUri uri, HlsPlaylist playlist) {
    this.fetcher = fetcher;
    this.out = out;
    this.uri = uri;
    this.playlist = playlist;
  }

  /**
   * Opens a playlist; of a master playlist, the best variant.
   *
   * @param imageSize edge of the frames in pixels, for which the variant is chosen
   * @param uri the URI of the playlist
   * @param text the text of the playlist
   */
  static HlsStream open(
      HttpFetcher fetcher, DecoderChannel out, int imageSize, RemoteUri uri, String text)
      throws VideoException {
    HlsPlaylist playlist = HlsPlaylist.parse(text);
    if (!playlist.isMaster()) {
      return new HlsStream(fetcher, out, uri, playlist);
    }
    HlsPlaylist.Variant variant = playlist.choose(imageSize);
    log.info(
        "event=hls_variant edge={} bandwidth={} of={}",
        variant.edge(),
        variant.bandwidth(),
        playlist.variants().size());
    PlaylistText media = new PlaylistText();
    RemoteUri found = fetcher.fetch(uri.following(variant.uri()), media, PlaylistText.MAX_BYTES);
    HlsPlaylist chosen = HlsPlaylist.parse(media.text());
    if (chosen.isMaster()) {
      throw new VideoException(
          Category.UNREADABLE, "a master playlist refers to another master playlist");
    }
    return new HlsStream(fetcher, out, found, chosen);
  }

  /** Whether more segments will be added to the playlist. */
  boolean isLive() {
    return !playlist.ended();
  }

  /** Sends the segments until the playlist ends or the transfers are aborted. */
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
      if (!fetcher.pause(wait.minusNanos(System.nanoTime() - begin))) {
        return;
      }
      reload();
    }
  }

  private static long start(HlsPlaylist playlist) {
    return playlist.ended()
        ? playlist.sequence()
        : Math.max(playlist.sequence(), playlist.end() - SEGMENTS_BEHIND_END);
  }

  /**
   * Whether the sequence numbers were reset; a cache may return a playlist that is a few segments
   * older.
   */
  private static boolean restarted(HlsPlaylist playlist, long next) {
    return playlist.end() < next - Math.max(playlist.segments().size(), SEGMENTS_BEHIND_END);
  }

  private void reload() throws VideoException {
    try {
      PlaylistText text = new PlaylistText();
      fetcher.fetch(uri, text, PlaylistText.MAX_BYTES);
      HlsPlaylist next = HlsPlaylist.parse(text.text());
      playlist = next.isMaster() ? playlist : next;
    } catch (VideoException e) {
      countFailure(e);
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
        fetcher.fetch(uri.following(segment.map().get()), out, Long.MAX_VALUE);
      }
      map = segment.map();
      fetcher.fetch(uri.following(segment.uri()), out, Long.MAX_VALUE);
      failures = 0;
    } catch (VideoException e) {
      cut();
      countFailure(e);
    }
  }

  private void cut() {
    out.cut();
    map = Optional.empty();
  }

  /** Counts a failure; throws it if the host is not allowed, or if too many were consecutive. */
  private void countFailure(VideoException failure) throws VideoException {
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
