package io.saccade.video.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user and a password, sent only in response to a host's challenges (Digest of RFC 7616, or Basic
 * of RFC 7617).
 */
record RtspCredentials(String user, String password) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z]{1,32})\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]*))");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 8;

  /** Computes the header {@code Authorization} of a request. */
  @FunctionalInterface
  interface Authorization {

    /** Returns the header's value for a request's method and URI. */
    String of(String method, String uri);
  }

  /**
   * Returns the response to a host's challenges: Digest if possible, else Basic; empty if neither
   * is offered.
   *
   * @param challenges the values of {@code WWW-Authenticate}
   */
  Optional<Authorization> authenticate(List<String> challenges) {
    return challenges.stream()
        .filter(text -> isScheme(text, "Digest"))
        .map(text -> digest(parameters(text)))
        .flatMap(Optional::stream)
        .findFirst()
        .or(
            () ->
                challenges.stream()
                    .filter(text -> isScheme(text, "Basic"))
                    .findFirst()
                    .map(text -> (method, uri) -> basic()));
  }

  private static boolean isScheme(String challenge, String name) {
    return challenge.regionMatches(true, 0, name + " ", 0, name.length() + 1);
  }

  private static Map<String, String> parameters(String challenge) {
    Map<String, String> parameters = new HashMap<>();
    Matcher each = PARAMETER.matcher(challenge);
    while (each.find()) {
      String value = each.group(2) == null ? each.group(3) : each.group(2);
      parameters.putIfAbsent(each.group(1).toLowerCase(Locale.ROOT), value);
    }
    return parameters;
  }

  private String basic() {
    byte[] text = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  /** RFC 7616, with MD5 or SHA-256. */
  private Optional<Authorization> digest(Map<String, String> challenge) {
    String algorithm = challenge.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
    boolean known = algorithm.equals("MD5") || algorithm.equals("SHA-256");
    if (!known || !challenge.containsKey("nonce") || !challenge.containsKey("realm")) {
      return Optional.empty();
    }
    boolean integrity =
        List.of(challenge.getOrDefault("qop", "").split("\\s*,\\s*", -1)).contains("auth");
    return Optional.of(
        (method, uri) -> {
          Map<String, String> values = new HashMap<>(challenge);
          values.put("cnonce", nonce());
          return header(algorithm, integrity, values, method, uri);
        });
  }

  private String header(
      String algorithm, boolean qop, Map<String, String> values, String method, String uri) {
    String realm = values.get("realm");
    String nonce = values.get("nonce");
    String cnonce = values.get("cnonce");
    String secret = hash(algorithm, user + ":" + realm + ":" + password);
    String request = hash(algorithm, method + ":" + uri);
    String middle = qop ? nonce + ":00000001:" + cnonce + ":auth" : nonce;
    StringBuilder header = new StringBuilder("Digest username=\"").append(user);
    header.append("\", realm=\"").append(realm).append("\", nonce=\"").append(nonce);
    header.append("\", uri=\"").append(uri).append("\", response=\"");
    header.append(hash(algorithm, secret + ":" + middle + ":" + request)).append('"');
    if (values.containsKey("algorithm")) {
      header.append(", algorithm=").append(algorithm);
    }
    if (values.containsKey("opaque")) {
      header.append(", opaque=\"").append(values.get("opaque")).append('"');
    }
    if (qop) {
      header.append(", qop=auth, nc=00000001, cnonce=\"").append(cnonce).append('"');
    }
    return header.toString();
  }

  private static String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String hash(String algorithm, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /** Contains neither user nor password. */
  @Override
  public String toString() {
    return "RtspCredentials";
  }
}
