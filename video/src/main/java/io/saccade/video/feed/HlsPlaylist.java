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
 * A playlist of HTTP Live Streaming (RFC 8216): either variants of one video, or its segments.
 *
 * @param variants empty where there are segments
 * @param segments in order
 * @param sequence number of the first segment
 * @param target about how long a segment is, 1 s to 1 min
 * @param ended whether no segment will follow
 */
public record HlsPlaylist(
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
   * One form of the video.
   *
   * @param edge the shorter edge of its picture in pixels, 0 if unknown
   * @param bandwidth bits a second, 0 if unknown
   */
  record Variant(String uri, int edge, long bandwidth) {}

  /**
   * A piece of the video.
   *
   * @param map where the head of its container is, if it stands apart
   * @param discontinuity whether it does not go on from the one before
   * @param missing whether it cannot be fetched
   */
  record Segment(String uri, Optional<String> map, boolean discontinuity, boolean missing) {}

  /**
   * Reads a playlist.
   *
   * @throws VideoException UNREADABLE if it is none, UNSUPPORTED if it is encrypted or its segments
   *     are parts of files
   */
  public static HlsPlaylist parse(String text) throws VideoException {
    if (text.length() >= PlaylistText.MAX_BYTES) {
      throw unreadable("the playlist is longer than %d bytes".formatted(PlaylistText.MAX_BYTES));
    }
    String[] lines = text.split("\r?\n", MAX_LINES + 1);
    if (lines.length > MAX_LINES || !lines[0].startsWith("#EXTM3U")) {
      throw unreadable("the playlist has too many lines or does not begin as one");
    }
    Parser parser = new Parser();
    for (String line : lines) {
      parser.take(line.strip());
    }
    return parser.result();
  }

  public boolean isMaster() {
    return !variants.isEmpty();
  }

  /** Number of the segment that would follow the last one. */
  public long end() {
    return sequence + segments.size();
  }

  /**
   * The variant to follow: of those whose shorter edge has at least {@code imageSize} pixels the
   * smallest, else the largest; among equals the one with the least bandwidth. Where none tells its
   * size it is the first one, which is the author's choice.
   */
  public Variant choose(int imageSize) {
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

  /** Takes lines one by one. */
  private static final class Parser {
    private final List<Variant> variants = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private Optional<String> map = Optional.empty();
    private String variant;
    private boolean discontinuity;
    private boolean missing;
    private long sequence;
    private int target = MAX_TARGET_SECONDS;
    private boolean ended;

    void take(String line) throws VideoException {
      if (line.startsWith("#EXT")) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        tag(name, colon < 0 ? "" : line.substring(colon + 1));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        place(line);
      }
    }

    private void tag(String name, String value) throws VideoException {
      switch (name) {
        case "#EXT-X-STREAM-INF" -> variant = value;
        case "#EXT-X-MEDIA-SEQUENCE" -> sequence = number(value, Long.MAX_VALUE / 2);
        case "#EXT-X-TARGETDURATION" ->
            target = (int) Math.max(1, number(value, MAX_TARGET_SECONDS));
        case "#EXT-X-DISCONTINUITY" -> discontinuity = true;
        case "#EXT-X-GAP" -> missing = true;
        case "#EXT-X-ENDLIST" -> ended = true;
        case "#EXT-X-MAP" -> map = attribute(requireWhole(value), "URI");
        case "#EXT-X-KEY", "#EXT-X-SESSION-KEY" -> requireOpen(value);
        case "#EXT-X-BYTERANGE", "#EXT-X-I-FRAMES-ONLY" ->
            throw unsupported("the playlist's segments are parts of files");
        default -> {} // many say nothing about the bytes
      }
    }

    private void place(String uri) {
      if (variant != null) {
        addVariant(uri);
        variant = null;
      } else {
        segments.add(new Segment(uri, map, discontinuity, missing));
        discontinuity = false;
        missing = false;
      }
    }

    /** Leaves out what says that it is sound only. */
    private void addVariant(String uri) {
      String codecs = attribute(variant, "CODECS").orElse("");
      if (!codecs.isEmpty() && SOUND.matcher(codecs).matches()) {
        return;
      }
      Matcher size = SIZE.matcher(attribute(variant, "RESOLUTION").orElse(""));
      int edge =
          size.matches()
              ? Math.min(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
              : 0;
      long bandwidth = number(attribute(variant, "BANDWIDTH").orElse("0"), Long.MAX_VALUE / 2);
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

    private static void requireOpen(String key) throws VideoException {
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

    /** A whole number, with fractions cut; 0 if it is none, at most {@code max}. */
    private static long number(String text, long max) {
      Matcher digits = NUMBER.matcher(text.strip());
      return digits.lookingAt() ? Math.min(Long.parseLong(digits.group()), max) : 0;
    }
  }
}
