package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HttpFetcher;
import io.saccade.video.access.RemoteUri;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Reads a live source over HTTP: an endless body or an HLS playlist, recognised by the first bytes.
 * Public for the package {@code live} only.
 */
public final class HttpFeed implements LiveFeed {
  private final RemoteUri uri;
  private final HttpFetcher fetcher;
  private final int imageSize;
  private volatile boolean playlist;
  private volatile boolean bursts;

  /**
   * A feed that has not begun.
   *
   * @param imageSize edge of the frames in pixels, for which a variant of a playlist is chosen
   */
  public HttpFeed(RemoteUri uri, HttpFetcher fetcher, int imageSize) {
    this.uri = uri;
    this.fetcher = fetcher;
    this.imageSize = imageSize;
  }

  @Override
  public void run(DecoderChannel out) throws VideoException {
    Body body = new Body(out);
    RemoteUri found = fetcher.fetch(uri, body, Long.MAX_VALUE);
    if (!playlist) {
      throw VideoException.passing(Category.UNREADABLE, "the host ended the live stream", null);
    }
    HlsStream stream = HlsStream.open(fetcher, out, imageSize, found, body.head.text());
    bursts = stream.isLive();
    stream.run();
  }

  @Override
  public void abort() {
    fetcher.abort();
  }

  @Override
  public boolean waits() {
    return playlist;
  }

  /**
   * True for a live playlist, of which whole segments arrive at a time; false if all segments exist
   * already.
   */
  @Override
  public boolean bursts() {
    return bursts;
  }

  /** Passes a body on to the decoder, or keeps it if it begins as a playlist. */
  private final class Body implements WritableByteChannel {
    private final DecoderChannel out;
    private final PlaylistText head = new PlaylistText();
    private boolean decided;

    Body(DecoderChannel out) {
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
