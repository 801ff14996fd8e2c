package io.saccade.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoUriTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clip.mp4",
        "percent %03d é [x].mp4",
        "concat:a.mp4|b.mp4",
        "file:relative.mp4",
        "a/../b c.mp4",
        "#hash?query.mp4",
        "-dash.mp4"
      })
  void aPathBecomesAnAbsoluteFileUriOfThatVeryFile(String name) {
    String uri = VideoUri.of(name);

    assertThat(uri).startsWith("file:/");
    assertThat(Path.of(URI.create(uri))).isEqualTo(Path.of(name).toAbsolutePath().normalize());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/videos/a.mp4",
        "file:///videos/a.mp4",
        "https://videos.example.com:8443/a%20b.mp4?x=1"
      })
  void aUriStays(String uri) {
    assertThat(VideoUri.of(uri)).isEqualTo(uri);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "http://a b/", "http://user@a/", "rtsp://camera/1", "udp://a:1"})
  void nonsenseIsRefused(String written) {
    assertThatThrownBy(() -> VideoUri.of(written)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://camera/1",
        "rtsps://user:password@camera:322/1",
        "udp://239.1.1.1:5004",
        "http://a/live.m3u8"
      })
  void aLiveUriStays(String uri) {
    assertThat(VideoUri.live(uri)).isEqualTo(uri);
  }

  @Test
  void aLiveFileIsAFile() {
    assertThat(VideoUri.live("clip.mp4")).isEqualTo(VideoUri.of("clip.mp4"));
  }

  @Test
  void onlyACameraIsToldAPassword() {
    assertThatThrownBy(() -> VideoUri.live("http://user:secret@a/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> VideoUri.live("rtsp://user:sec ret@a/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("ret@");
  }

  @Test
  void aPasswordIsNeitherShownNorInTheId() {
    assertThat(VideoUri.shown("rtsp://user:secret@camera/1")).isEqualTo("rtsp://camera/1");
    assertThat(VideoUri.idOf("rtsp://user:secret@camera/1"))
        .isEqualTo(VideoUri.idOf("rtsp://camera/1"));
  }

  @ParameterizedTest
  @CsvSource({
    "file:/v/clip00.mp4, clip00-[0-9a-f]{8}",
    "file:/v/a%20b%25.mp4, a-b-[0-9a-f]{8}",
    "file:/v/%C3%A9t%C3%A9.mov, été-[0-9a-f]{8}",
    "https://a.example.com/v/clip00.mp4?x=1, clip00-[0-9a-f]{8}",
    "rtsp://camera/, video-[0-9a-f]{8}"
  })
  void anIdIsReadable(String uri, String form) {
    assertThat(VideoUri.idOf(uri)).matches(form).isEqualTo(VideoUri.idOf(uri));
  }

  @Test
  void anIdIsShortAndDependsOnTheWholeUri() {
    assertThat(VideoUri.idOf("file:/v/" + "x".repeat(300) + ".mp4").length()).isLessThan(60);
    assertThat(VideoUri.idOf("file:/a/clip.mp4")).isNotEqualTo(VideoUri.idOf("file:/b/clip.mp4"));
  }
}
