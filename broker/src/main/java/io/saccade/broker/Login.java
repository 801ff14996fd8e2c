package io.saccade.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A user name and password for a broker's connections to itself; they never leave this process. */
record Login(String user, String password) {

  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

  /** A login with random values of 122 bits each. */
  static Login random() {
    return new Login("node-" + UUID.randomUUID(), UUID.randomUUID().toString());
  }

  /** JAAS configuration of a listener whose only user this is, and of its own client. */
  String plainServer() {
    return client() + " user_" + user + "=\"" + password + "\";";
  }

  /** Client settings for this login at a listener of {@link #plainServer}. */
  Map<String, Object> plainClient(String address) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", address);
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", client() + ";");
    return settings;
  }

  private String client() {
    return MODULE.formatted(user, password);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Login[user=" + user + "]";
  }
}
