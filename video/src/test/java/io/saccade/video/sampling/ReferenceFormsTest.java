package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.DownloadLimits;
import io.saccade.video.access.HostRule;
import io.saccade.video.access.HttpConnection;
import io.saccade.video.access.RemoteUri;
import io.saccade.video.access.VideoAccess;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a reference that are accepted; all others are refused. */
class ReferenceFormsTest {
  @TempDir Path root;
  private final List<String> resolved = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        // schemes, FFmpeg's protocols among them
        "ftp://videos.example.com/a.mp4",
        "data:video/mp4;base64,AAAA",
        "data:,x",
        "concat:a.mp4|b.mp4",
        "concatf:list",
        "subfile,,start,0,end,0,,:/etc/passwd",
        "subfile:/etc/passwd",
        "pipe:0",
        "fd:",
        "udp://videos.example.com:1234",
        "rtp://videos.example.com:1234",
        "tcp://videos.example.com:1234",
        "unix:/run/socket",
        "cache:http://videos.example.com/a.mp4",
        "crypto:file:///etc/passwd",
        "async:file:///etc/passwd",
        "jar:file:///a.jar!/b",
        "gopher://videos.example.com/_x",
        "smb://videos.example.com/a",
        "rtmp://videos.example.com/a",
        "hls+http://videos.example.com/a.m3u8",
        "javascript:alert(1)",
        // upper case
        "HTTP://videos.example.com/a.mp4",
        "Https://videos.example.com/a.mp4",
        "FILE:///etc/passwd",
        "RTSP://videos.example.com/1",
        // paths
        "",
        " ",
        "relative.mp4",
        "../a.mp4",
        "./a.mp4",
        "~/a.mp4",
        "file:a.mp4",
        "file:../a.mp4",
        "file:",
        "file://",
        "file:///",
        "file:////etc/passwd",
        "file://videos.example.com/etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "file://user@localhost/etc/passwd",
        "file:///etc/passwd",
        "file:///a%00.mp4",
        "file:///a%2f..%2f..%2fetc/passwd",
        "file:///%2e%2e/etc/passwd",
        "file:///a.mp4?x",
        "file:///a.mp4#x",
        "file:\\\\host\\share",
        "C:\\videos\\a.mp4",
        "\\\\host\\share\\a.mp4",
        "//host/share/a.mp4",
        "/etc/passwd",
        "/a\u0000.mp4",
        // no authority, or one with more than host and port
        "http:",
        "http:/a.mp4",
        "http:///a.mp4",
        "http:a.mp4",
        "http://",
        "http://:80/a.mp4",
        "http://user@videos.example.com/a.mp4",
        "http://user:password@videos.example.com/a.mp4",
        "http://@videos.example.com/a.mp4",
        "http://videos.example.com@evil.example.org/a.mp4",
        "http://videos.example.com:80@evil.example.org/a.mp4",
        "http://videos.example.com%40evil.example.org/a.mp4",
        "http://evil.example.org%2f.example.com/a.mp4",
        "http://evil.example.org%00.example.com/a.mp4",
        "http://%76ideos.example.com/a.mp4",
        "http://evil.example.org\\@videos.example.com/a.mp4",
        "http://evil.example.org\\.example.com/a.mp4",
        "http:\\\\videos.example.com\\a.mp4",
        "http://videos.example.com:/a.mp4",
        "http://videos.example.com:0/a.mp4",
        "http://videos.example.com:080/a.mp4",
        "http://videos.example.com:65536/a.mp4",
        "http://videos.example.com:99999999999/a.mp4",
        "http://videos.example.com:-1/a.mp4",
        "http://videos.example.com:80:80/a.mp4",
        "http://videos.example.com:x/a.mp4",
        // invalid names, and addresses in disguise
        "http://2130706433/a.mp4",
        "http://0x7f.1/a.mp4",
        "http://0x7f000001/a.mp4",
        "http://017700000001/a.mp4",
        "http://0177.0.0.1/a.mp4",
        "http://127.1/a.mp4",
        "http://127.0.1/a.mp4",
        "http://127.0.0.01/a.mp4",
        "http://127.0.0.1./a.mp4",
        "http://256.0.0.1/a.mp4",
        "http://1.2.3.4.5/a.mp4",
        "http://[::1%25lo]/a.mp4",
        "http://[fe80::1%25eth0]/a.mp4",
        "http://[fe80::1%eth0]/a.mp4",
        "http://[::1/a.mp4",
        "http://::1/a.mp4",
        "http://[v1.x]/a.mp4",
        "http://[videos.example.com]/a.mp4",
        "http://videos.example.com./a.mp4",
        "http://.example.com/a.mp4",
        "http://videos..example.com/a.mp4",
        "http://-videos.example.com/a.mp4",
        "http://vid_eos.example.com/a.mp4",
        "http://*.example.com/a.mp4",
        "http://vidéos.example.com/a.mp4",
        "http://videos。example。com/a.mp4",
        "http://①②⑦.⓪.⓪.①/a.mp4",
        // characters
        "http:// bad",
        "http://videos.example.com/a b.mp4",
        " http://videos.example.com/a.mp4",
        "http://videos.example.com/a.mp4\r\nX-Header: 1",
        "http://videos.example.com/\ta.mp4",
        "http://videos.example.com/a.mp4#t=10",
        "http://videos.example.com/%zz",
        "https://videos.example.com\u0000/a.mp4"
      })
  void refusesOtherFormsAndResolvesNoName(String reference) {
    assertRefused(reference);
    assertThat(resolved).isEmpty();
  }

  @Test
  void aVeryLongUriIsRefused() {
    assertRefused("https://videos.example.com/" + "a".repeat(4096));
    assertRefused("https://" + "a.".repeat(200) + "example.com/");
    assertThat(resolved).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://videos.example.com/a.mp4, videos.example.com, 80",
    "https://VIDEOS.example.COM/a%20b.mp4?x=%2e%2e, videos.example.com, 443",
    "https://videos.example.com:8443, videos.example.com, 8443",
    "rtsp://camera-3.example.com/1, camera-3.example.com, 554",
    "rtsps://xn--vidos-esa.example.com/1, xn--vidos-esa.example.com, 322",
    "http://localhost/, localhost, 80",
    "http://93.184.216.34/a, 93.184.216.34, 80",
    "http://[2606:2800:220:1::7]:81/a, [2606:2800:220:1:0:0:0:7], 81",
    "http://[::ffff:10.0.0.7]/a, 10.0.0.7, 80"
  })
  void aPlainUriHasOneMeaning(String reference, String host, int port) throws VideoException {
    RemoteUri uri = RemoteUri.parse(reference);

    assertThat(uri.host()).isEqualTo(host);
    assertThat(uri.port()).isEqualTo(port);
    assertThat(uri.uri()).hasToString(reference);
  }

  @ParameterizedTest
  @CsvSource({
    "/b.mp4, https://videos.example.com/b.mp4",
    "b.mp4?x=1#t=10, https://videos.example.com/v/b.mp4?x=1",
    "//cdn.example.com/b.mp4, https://cdn.example.com/b.mp4",
    "https://cdn.example.com:81/b.mp4, https://cdn.example.com:81/b.mp4"
  })
  void aRedirectMayBeRelative(String location, String target) throws VideoException {
    RemoteUri from = RemoteUri.parse("https://videos.example.com/v/a.mp4");

    assertThat(from.following(location).uri()).hasToString(target);
  }

  private void assertRefused(String reference) {
    AccessConfig config =
        new AccessConfig(
            List.of(root),
            List.of(HostRule.parse("*.example.com"), HostRule.parse("videos.example.com:8443")),
            List.of(),
            DownloadLimits.defaults());
    VideoAccess access = new VideoAccess(config, this::note, HttpConnection.TRUSTED);
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> access.open(reference, () -> false).close())
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }

  private InetAddress[] note(String host) {
    resolved.add(host);
    return new InetAddress[] {InetAddress.getLoopbackAddress()};
  }
}
