package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/**
 * Opens the video that an untrusted reference names, if that is allowed: a file below a root, or a
 * video on an allowed host, which is downloaded first. FFmpeg never receives a reference.
 * Thread-safe.
 */
public final class VideoAccess {
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,31}):.*", Pattern.DOTALL);

  private final LocalFiles files;
  private final HostAccess hosts;
  private final RemoteFiles remote;

  /** Creates an access that allows what {@code config} lists and nothing else. */
  public VideoAccess(AccessConfig config) {
    this(config, InetAddress::getAllByName, HttpConnection.TRUSTED);
  }

  /** An access with another name resolution and TLS, for tests. */
  public VideoAccess(AccessConfig config, HostAccess.Resolver resolver, TlsSocketStrategy tls) {
    this.files = new LocalFiles(config.roots());
    this.hosts = new HostAccess(config.hosts(), config.networks(), resolver);
    this.remote = new RemoteFiles(hosts, config.downloads(), tls);
  }

  /**
   * Opens a video. Blocks while it is downloaded.
   *
   * @param reference an absolute path, or a URI whose scheme is {@code file}, {@code http} or
   *     {@code https}, in lower case
   * @param cancelled polled several times a second during a download, on this thread; true ends it,
   *     and so does an interrupt of the thread, whose interrupt flag stays set
   * @return the video to sample; the caller closes it
   * @throws VideoException REFUSED if it may not be opened, UNREADABLE if it cannot be opened,
   *     UNSUPPORTED if it is a live stream that may be opened, TIMEOUT, CANCELLED
   */
  public OpenedVideo open(String reference, BooleanSupplier cancelled) throws VideoException {
    if (reference.startsWith("/")) {
      return OpenedVideo.local(files.at(reference));
    }
    Matcher form = SCHEME.matcher(reference);
    if (!form.matches()) {
      throw refused("the reference is a relative path; give an absolute path or a URI");
    }
    String scheme = form.group(1);
    if ("file".equals(scheme)) {
      return OpenedVideo.local(files.named(reference));
    }
    Optional<RemoteUri.Scheme> known = RemoteUri.Scheme.named(scheme);
    if (known.isEmpty()) {
      throw refused(
          "scheme '%s' is not allowed; give a file: URI below an allowed root or an https: URI of an allowed host"
              .formatted(scheme));
    }
    RemoteUri uri = RemoteUri.parse(reference);
    return known.get().live() ? refuseLive(uri) : remote.fetch(uri, cancelled);
  }

  /**
   * A stream that is not allowed is refused like a file; only of an allowed one the message may say
   * that it is live.
   */
  private OpenedVideo refuseLive(RemoteUri uri) throws VideoException {
    RemoteEndpoint unused = hosts.check(uri);
    throw new VideoException(
        Category.UNSUPPORTED,
        "a live stream has no end to sample to; register it as live (--live)");
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
