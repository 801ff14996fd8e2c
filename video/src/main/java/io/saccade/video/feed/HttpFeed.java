package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HttpFetches;
import io.saccade.video.access.RemoteUri;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An endless body, or an HLS playlist; which of them, its first bytes tell. */
public final class HttpFeed implements LiveFeed {
  private final RemoteUri uri;
  private final HttpFetches fetches;
  private final int imageSize;
  private volatile boolean playlist;
  private volatile boolean bursts;

  /**
   * A feed that has not begun.
   *
   * @param imageSize of the frames wanted, by which a variant of a playlist is chosen
   */
  public HttpFeed(RemoteUri uri, HttpFetches fetches, int imageSize) {
    this.uri = uri;
    this.fetches = fetches;
    this.imageSize = imageSize;
  }

  @Override
  public void run(FeedOutlet out) throws VideoException {
    Body body = new Body(out);
    RemoteUri place = fetches.fetch(uri, body, Long.MAX_VALUE);
    if (!playlist) {
      throw VideoException.passing(Category.UNREADABLE, "the host ended the live stream", null);
    }
    HlsStream stream = new HlsStream(fetches, imageSize, out);
    stream.open(place, body.head.text());
    bursts = stream.isLive();
    stream.run();
  }

  @Override
  public void abort() {
    fetches.abort();
  }

  @Override
  public boolean waits() {
    return playlist;
  }

  /** Segments come one at a time; where all are there, nobody has to wait for them. */
  @Override
  public boolean bursts() {
    return bursts;
  }

  /** Passes a body on, unless it begins as a playlist does. */
  private final class Body implements WritableByteChannel {
    private final FeedOutlet out;
    private final PlaylistText head = new PlaylistText();
    private boolean decided;

    Body(FeedOutlet out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer source) {
      if (decided && !playlist) {
        return out.write(source);
      }
      int count = head.write(source);
      if (!decided && head.size() >= PlaylistText.START_BYTES) {
        decided = true;
        playlist = head.isPlaylist();
        if (!playlist) {
          out.write(head.bytes());
        }
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
