package io.saccade.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.saccade.proto.v1.VideoReference;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.AddressBlock;
import io.saccade.video.access.DownloadLimits;
import io.saccade.video.access.HostRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A web server on this machine: a clip, a text that is a secret, and a way to somewhere else. */
final class Web implements AutoCloseable {

  static final String SECRET = "the password is swordfish";

  private final HttpServer server;
  private final Path downloads;

  /** Starts the server; a sampler allowed to reach it downloads to the folder. */
  Web(Path downloads) throws IOException {
    this.downloads = downloads;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] clip = Files.readAllBytes(Demo.clips().resolve("clip00.mp4"));
    byte[] text = (SECRET + "\n").repeat(500).getBytes(StandardCharsets.UTF_8);
    server.createContext("/clip.mp4", exchange -> respond(exchange, 200, clip));
    server.createContext("/text.mp4", exchange -> respond(exchange, 200, text));
    server.createContext(
        "/away.mp4",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", "http://169.254.169.254/" + SECRET.length());
          respond(exchange, 302, text);
        });
    server.start();
  }

  private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Allows the folders, and this server by the name {@code localhost}. */
  AccessConfig access(Path... roots) {
    return new AccessConfig(
        List.of(roots),
        List.of(HostRule.parse(authority()), HostRule.parse("localhost")),
        List.of(AddressBlock.parse("127.0.0.0/8"), AddressBlock.parse("::1")),
        new DownloadLimits(downloads, 1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1)));
  }

  /** A page as a video under an id that no other test has. */
  VideoReference video(String path) {
    return reference("http://" + authority() + path);
  }

  /** Any URI as a video under an id that no other test has. */
  static VideoReference reference(String uri) {
    return VideoReference.newBuilder()
        .setVideoId("remote-" + UUID.randomUUID())
        .setUri(uri)
        .build();
  }

  private String authority() {
    return "localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
