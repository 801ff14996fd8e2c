package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A playlist of HTTP Live Streaming (RFC 8216): a master playlist with variants of one video, or a
 * media playlist with segments.
 *
 * @param variants the variants of a master playlist; empty for a media playlist
 * @param segments the segments in order
 * @param sequence media sequence number of the first segment
 * @param target target duration of a segment, 1 s to 1 min
 * @param ended whether no more segments will be added
 */
record HlsPlaylist(
    List<Variant> variants, List<Segment> segments, long sequence, Duration target, boolean ended) {
  private static final int MAX_LINES = 50_000;
  private static final int MAX_TARGET_SECONDS = 60;
  private static final int MAX_EDGE = 1 << 16;
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Z0-9-]{1,64})=(?:\"([^\"]*)\"|([^\",]*))");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final Pattern SOUND = Pattern.compile("(mp4a|ac-3|ec-3|opus|flac|mp3)[^,]*");

  /**
   * A variant of the video.
   *
   * @param uri absolute, or relative to the playlist
   * @param edge the shorter edge of its picture in pixels, 0 if unknown
   * @param bandwidth bits per second, 0 if unknown
   */
  record Variant(String uri, int edge, long bandwidth) {}

  /**
   * A segment of the video.
   *
   * @param uri absolute, or relative to the playlist
   * @param map URI of the container's header (EXT-X-MAP), if the segments do not contain it
   * @param discontinuity whether it does not continue the segment before
   * @param missing whether the playlist marks it as unavailable (EXT-X-GAP)
   */
  record Segment(String uri, Optional<String> map, boolean discontinuity, boolean missing) {}

  /**
   * Parses a playlist.
   *
   * @throws VideoException UNREADABLE if the text is not a playlist, UNSUPPORTED if the segments
   *     are encrypted or parts of files
   */
  static HlsPlaylist parse(String text) throws VideoException {
    if (text.length() >= PlaylistText.MAX_BYTES) {
      throw unreadable("the playlist is longer than %d bytes".formatted(PlaylistText.MAX_BYTES));
    }
    String[] lines = text.split("\r?\n", MAX_LINES + 1);
    if (lines.length > MAX_LINES || !lines[0].startsWith("#EXTM3U")) {
      throw unreadable(
          "the playlist has more than %d lines or does not begin with #EXTM3U"
              .formatted(MAX_LINES));
    }
    Parser parser = new Parser();
    for (String line : lines) {
      parser.parseLine(line.strip());
    }
    return parser.result();
  }

  /** Whether this is a master playlist. */
  boolean isMaster() {
    return !variants.isEmpty();
  }

  /** The sequence number after that of the last segment. */
  long end() {
    return sequence + segments.size();
  }

  /**
   * Chooses the variant to follow: the smallest one whose shorter edge has at least {@code
   * imageSize} pixels, else the largest one; among equals the one with the lowest bandwidth. If no
   * variant states its size, it is the first one, which RFC 8216 makes the author's preference.
   */
  Variant choose(int imageSize) {
    Comparator<Variant> smallest =
        Comparator.comparingInt(Variant::edge).thenComparingLong(Variant::bandwidth);
    Comparator<Variant> largest =
        Comparator.comparingInt(Variant::edge).reversed().thenComparingLong(Variant::bandwidth);
    List<Variant> sized = variants.stream().filter(v -> v.edge() > 0).toList();
    return sized.stream()
        .filter(v -> v.edge() >= imageSize)
        .min(smallest)
        .or(() -> sized.stream().min(largest))
        .orElse(variants.get(0));
  }

  private static VideoException unreadable(String message) {
    return new VideoException(Category.UNREADABLE, message);
  }

  /** Parses the lines one by one. */
  private static final class Parser {
    private final List<Variant> variants = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private Optional<String> map = Optional.empty();
    private Optional<String> variant = Optional.empty();
    private boolean discontinuity;
    private boolean missing;
    private long sequence;
    private int target = MAX_TARGET_SECONDS;
    private boolean ended;

    void parseLine(String line) throws VideoException {
      if (line.startsWith("#EXT")) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        parseTag(name, colon < 0 ? "" : line.substring(colon + 1));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        addUri(line);
      }
    }

    private void parseTag(String name, String value) throws VideoException {
      switch (name) {
        case "#EXT-X-STREAM-INF" -> variant = Optional.of(value);
        case "#EXT-X-MEDIA-SEQUENCE" -> sequence = number(value, Long.MAX_VALUE / 2);
        case "#EXT-X-TARGETDURATION" ->
            target = (int) Math.max(1, number(value, MAX_TARGET_SECONDS));
        case "#EXT-X-DISCONTINUITY" -> discontinuity = true;
        case "#EXT-X-GAP" -> missing = true;
        case "#EXT-X-ENDLIST" -> ended = true;
        case "#EXT-X-MAP" -> map = attribute(requireWhole(value), "URI");
        case "#EXT-X-KEY", "#EXT-X-SESSION-KEY" -> requireUnencrypted(value);
        case "#EXT-X-BYTERANGE", "#EXT-X-I-FRAMES-ONLY" ->
            throw unsupported("the playlist's segments are parts of files");
        default -> {} // tags that do not matter for the bytes
      }
    }

    private void addUri(String uri) {
      if (variant.isPresent()) {
        addVariant(uri, variant.get());
        variant = Optional.empty();
      } else {
        segments.add(new Segment(uri, map, discontinuity, missing));
        discontinuity = false;
        missing = false;
      }
    }

    /** Adds the variant unless its codecs are of sound only. */
    private void addVariant(String uri, String attributes) {
      String codecs = attribute(attributes, "CODECS").orElse("");
      if (!codecs.isEmpty() && SOUND.matcher(codecs).matches()) {
        return;
      }
      Matcher size = SIZE.matcher(attribute(attributes, "RESOLUTION").orElse(""));
      int edge =
          size.matches()
              ? Math.min(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
              : 0;
      long bandwidth = number(attribute(attributes, "BANDWIDTH").orElse("0"), Long.MAX_VALUE / 2);
      variants.add(new Variant(uri, Math.min(edge, MAX_EDGE), bandwidth));
    }

    HlsPlaylist result() {
      return new HlsPlaylist(variants, segments, sequence, Duration.ofSeconds(target), ended);
    }

    private static String requireWhole(String map) throws VideoException {
      if (attribute(map, "BYTERANGE").isPresent()) {
        throw unsupported("the playlist's segments are parts of files");
      }
      return map;
    }

    private static void requireUnencrypted(String key) throws VideoException {
      if (!attribute(key, "METHOD").orElse("NONE").equals("NONE")) {
        throw unsupported("the playlist's segments are encrypted");
      }
    }

    private static VideoException unsupported(String what) {
      return new VideoException(
          Category.UNSUPPORTED, what + ", which is not supported; give a plain HLS playlist");
    }

    private static Optional<String> attribute(String list, String name) {
      Matcher attributes = ATTRIBUTE.matcher(list);
      while (attributes.find()) {
        if (attributes.group(1).equals(name)) {
          return Optional.ofNullable(
              attributes.group(2) == null ? attributes.group(3) : attributes.group(2));
        }
      }
      return Optional.empty();
    }

    /** Parses an integer, ignoring a fraction; 0 if it is not a number, at most {@code max}. */
    private static long number(String text, long max) {
      Matcher digits = NUMBER.matcher(text.strip());
      return digits.lookingAt() ? Math.min(Long.parseLong(digits.group()), max) : 0;
    }
  }
}
