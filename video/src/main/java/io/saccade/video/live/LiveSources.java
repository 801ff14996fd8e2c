package io.saccade.video.live;

import io.saccade.video.LiveSpec;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.DownloadLimits;
import io.saccade.video.access.HostAccess;
import io.saccade.video.access.HttpFetcher;
import io.saccade.video.access.LocalFiles;
import io.saccade.video.access.RemoteUri;
import io.saccade.video.feed.HttpFeed;
import io.saccade.video.feed.LiveFeed;
import io.saccade.video.feed.UdpFeed;
import io.saccade.video.rtsp.RtspFeed;
import io.saccade.video.rtsp.RtspSource;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/**
 * Decides whether an untrusted URI of a live source may be followed, and creates the feed for it.
 * See decision 53 in {@code docs/decisions.md}.
 */
final class LiveSources {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,31}):.*", Pattern.DOTALL);

  private final LocalFiles files;
  private final LiveConfig config;
  private final HostAccess hosts;
  private final TlsSocketStrategy tls;

  /** Allows what {@code config} lists and nothing else. */
  LiveSources(LiveConfig config, HostAccess.Resolver resolver, TlsSocketStrategy tls) {
    AccessConfig access = config.access();
    this.files = new LocalFiles(access.roots());
    this.config = config;
    this.hosts = new HostAccess(access.hosts(), access.networks(), resolver);
    this.tls = tls;
  }

  /**
   * Returns the file that a source is; empty if it is not a file.
   *
   * @throws VideoException REFUSED if the file may not be opened, UNREADABLE if it does not exist
   */
  Optional<VideoFile> file(String uri) throws VideoException {
    if (uri.startsWith("/")) {
      return Optional.of(files.at(uri));
    }
    return scheme(uri).equals("file") ? Optional.of(files.named(uri)) : Optional.empty();
  }

  /**
   * Creates the feed of a source that is not a file. Hosts are checked when the feed runs.
   *
   * @throws VideoException REFUSED if the source is of no kind that can be followed
   */
  LiveFeed feed(String uri, LiveSpec spec) throws VideoException {
    return switch (scheme(uri)) {
      case "http", "https" ->
          new HttpFeed(
              RemoteUri.parse(uri), new HttpFetcher(hosts, limits(spec), tls), spec.imageSize());
      case "rtsp", "rtsps" ->
          new RtspFeed(RtspSource.parse(uri), hosts, spec.connectTimeout(), tls);
      case "udp" -> UdpFeed.of(uri, config.listens());
      default ->
          throw refused(
              "the scheme is not allowed; give a file:, http:, https:, rtsp:, rtsps: or udp: URI");
    };
  }

  private DownloadLimits limits(LiveSpec spec) {
    Duration idle = spec.connectTimeout().plus(spec.stall());
    DownloadLimits configured = config.access().downloads();
    return new DownloadLimits(
        configured.folder(), configured.maxBytes(), configured.maxTime(), idle);
  }

  private static String scheme(String uri) throws VideoException {
    Matcher form = SCHEME.matcher(uri);
    if (!form.matches()) {
      throw refused("the source is a relative path; give an absolute path or a URI");
    }
    return form.group(1);
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
