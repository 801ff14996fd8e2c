package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.feed.RtpPacket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first video of a session description (SDP, RFC 8866) that can be decoded. See the codecs of
 * {@link RtpCodec}.
 *
 * @param codec the codec and its RTP payload format
 * @param payloadType payload type of its packets, 0 to 127
 * @param clockRate clock rate of its timestamps in Hz, positive
 * @param parameters the format parameters (fmtp), by lower-case names
 * @param control the URI to set it up, absolute or relative; empty for the session's URI
 */
record SessionDescription(
    RtpCodec codec,
    int payloadType,
    int clockRate,
    Map<String, String> parameters,
    String control) {
  private static final int MAX_LINES = 1000;
  private static final int MAX_CLOCK_RATE = 10_000_000;
  private static final Pattern VIDEO =
      Pattern.compile("video \\d{1,5}(?:/\\d+)? \\S+ (\\d{1,3}).*");
  private static final Pattern MAP =
      Pattern.compile("rtpmap:(\\d{1,3}) ([^/ ]{1,32})/(\\d{1,8}).*");
  private static final Pattern FORMAT = Pattern.compile("fmtp:(\\d{1,3}) (.*)");

  /**
   * Parses a description.
   *
   * @throws VideoException NO_VIDEO_STREAM if it has no video, UNSUPPORTED if it has no video that
   *     can be decoded
   */
  static SessionDescription parse(String text) throws VideoException {
    String[] lines = text.split("\r?\n", MAX_LINES);
    boolean hasVideo = false;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].startsWith("m=video ")) {
        hasVideo = true;
        Optional<SessionDescription> video = media(lines, i);
        if (video.isPresent()) {
          return video.get();
        }
      }
    }
    throw hasVideo
        ? new VideoException(
            Category.UNSUPPORTED,
            "the source's codec is not supported over RTSP; set it to H.264 or H.265")
        : new VideoException(Category.NO_VIDEO_STREAM, "the source describes no video");
  }

  private static Optional<SessionDescription> media(String[] lines, int first) {
    Matcher media = VIDEO.matcher(lines[first].substring("m=".length()));
    if (!media.matches()) {
      return Optional.empty();
    }
    Media found = new Media(Integer.parseInt(media.group(1)));
    for (int i = first + 1; i < lines.length && !lines[i].startsWith("m="); i++) {
      if (lines[i].startsWith("a=")) {
        found.attribute(lines[i].substring("a=".length()).strip());
      }
    }
    return found.description();
  }

  /** Collects the attributes of one medium. */
  private static final class Media {
    private final int type;
    private final Map<String, String> parameters = new HashMap<>();
    private Optional<RtpCodec> codec = Optional.empty();
    private int clockRate = RtpCodec.CLOCK_RATE;
    private String control = "";

    Media(int type) {
      this.type = type;
      if (type == RtpPacket.TRANSPORT_STREAM) {
        codec = Optional.of(RtpCodec.MP2T);
      }
    }

    void attribute(String text) {
      Matcher map = MAP.matcher(text);
      Matcher format = FORMAT.matcher(text);
      if (text.startsWith("control:")) {
        control = text.substring("control:".length()).strip();
      } else if (map.matches() && Integer.parseInt(map.group(1)) == type) {
        codec = RtpCodec.named(map.group(2));
        clockRate = Integer.parseInt(map.group(3));
      } else if (format.matches() && Integer.parseInt(format.group(1)) == type) {
        for (String parameter : format.group(2).split(";", -1)) {
          int equals = parameter.indexOf('=');
          if (equals > 0) {
            parameters.put(
                parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                parameter.substring(equals + 1).strip());
          }
        }
      }
    }

    Optional<SessionDescription> description() {
      boolean sane = type <= 127 && clockRate > 0 && clockRate <= MAX_CLOCK_RATE;
      return codec
          .filter(known -> sane)
          .map(
              known ->
                  new SessionDescription(known, type, clockRate, Map.copyOf(parameters), control));
    }
  }
}
