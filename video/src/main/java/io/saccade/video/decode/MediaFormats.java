package io.saccade.video.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which of FFmpeg's formats may be opened. Containers of video only: playlists, scripts and session
 * descriptions make FFmpeg open other places, and its text and image formats accept nearly
 * anything.
 */
final class MediaFormats {
  /** The value of FFmpeg's {@code format_whitelist}, by the demuxers' own names. */
  static final String ALLOWED =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,asf,ogg,gif,apng,"
          + "h264,hevc,vvc,obu,av1,ivf,m4v,mxf,nut,yuv4mpegpipe";

  /** The value of {@code protocol_whitelist}: bytes come from our own reader, so none at all. */
  static final String NO_PROTOCOL = "none";

  private static final Set<String> VIDEO = Set.of(ALLOWED.split(","));

  private static final Set<String> WITHOUT_VIDEO =
      Set.of(
          "mp3",
          "wav",
          "w64",
          "flac",
          "aac",
          "ac3",
          "eac3",
          "dts",
          "amr",
          "aiff",
          "au",
          "caf",
          "ape",
          "tta",
          "wv",
          "srt",
          "webvtt",
          "ass",
          "microdvd",
          "subviewer",
          "mpsub",
          "sami",
          "ttml",
          "lrc",
          "stl",
          "sup");

  /** How the text files begin that make players open other files or addresses. */
  private static final List<String> SCRIPT_STARTS =
      List.of("#EXTM3U", "ffconcat", "<ASX", "<MPD", "<?xml", "<smil", "[playlist]", "v=0");

  private static final Set<String> STILL_BRANDS =
      Set.of("avif", "avis", "mif1", "msf1", "heic", "heix", "hevc", "hevx", "heim", "heis");

  private MediaFormats() {}

  static boolean isVideoContainer(String names) {
    return intersects(VIDEO, names);
  }

  /** Sound and subtitle files: harmless, but without anything to look at. */
  static boolean holdsNoVideo(String names) {
    return intersects(WITHOUT_VIDEO, names);
  }

  /** Whether an ISO base media file says that it is a still image (HEIF, AVIF). */
  static boolean isStillImageBrand(String majorBrand) {
    return STILL_BRANDS.contains(majorBrand.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a file that FFmpeg does not recognise is a playlist or script that refers to others.
   *
   * @param head the first bytes of the file
   */
  static boolean isReferringScript(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
    return SCRIPT_STARTS.stream().anyMatch(s -> text.regionMatches(true, 0, s, 0, s.length()));
  }

  private static boolean intersects(Set<String> set, String names) {
    return Arrays.stream(names.split(",")).anyMatch(set::contains);
  }
}
