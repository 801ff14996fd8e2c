package io.saccade.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A user and a password that are known to this process alone. */
record Login(String user, String password) {

  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

  /** One that nobody can guess. */
  static Login random() {
    return new Login("node-" + UUID.randomUUID(), UUID.randomUUID().toString());
  }

  /** JAAS settings of a listener where this is the only user, and of the client that is it. */
  String plainServer() {
    return client() + " user_" + user + "=\"" + password + "\";";
  }

  /** Client settings to log in over a listener of {@link #plainServer}. */
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
