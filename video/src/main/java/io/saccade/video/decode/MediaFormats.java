package io.saccade.video.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The formats of FFmpeg that may be opened, which are containers of video only: playlists, scripts
 * and session descriptions make FFmpeg open other files and addresses, and its text and image
 * formats accept nearly any bytes. See decision 10 in {@code docs/decisions.md}.
 */
final class MediaFormats {
  /** The value of FFmpeg's {@code format_whitelist}, in the demuxers' names. */
  static final String ALLOWED =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,asf,ogg,gif,apng,"
          + "h264,hevc,vvc,obu,av1,ivf,m4v,mxf,nut,yuv4mpegpipe";

  /**
   * The value of {@code protocol_whitelist}: no protocol, because bytes come from {@link
   * ChannelInput}.
   */
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

  /** The beginnings of text files that make players open other files or addresses. */
  private static final List<String> SCRIPT_STARTS =
      List.of("#EXTM3U", "ffconcat", "<ASX", "<MPD", "<?xml", "<smil", "[playlist]", "v=0");

  private static final Set<String> STILL_BRANDS =
      Set.of("avif", "avis", "mif1", "msf1", "heic", "heix", "hevc", "hevx", "heim", "heis");

  private MediaFormats() {}

  /** Whether one of FFmpeg's comma-separated names of a format is an allowed container. */
  static boolean isVideoContainer(String names) {
    return intersects(VIDEO, names);
  }

  /** Whether the format is one of sound or subtitle files, which have no video. */
  static boolean holdsNoVideo(String names) {
    return intersects(WITHOUT_VIDEO, names);
  }

  /** Whether the major brand of an ISO base media file is one of still images (HEIF, AVIF). */
  static boolean isStillImageBrand(String majorBrand) {
    return STILL_BRANDS.contains(majorBrand.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a file that FFmpeg does not recognise is a playlist or script that refers to other
   * files.
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
