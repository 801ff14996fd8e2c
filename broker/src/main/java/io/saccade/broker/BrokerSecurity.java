package io.saccade.broker;

import io.saccade.bus.ConfigException;
import io.saccade.bus.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

/**
 * Security of an embedded broker: clients connect over TLS and log in with SASL/SCRAM-SHA-512; a
 * user may do what the access lists permit and nothing else.
 *
 * @param keyStore the broker's key and certificate (PKCS12 or JKS). Clients must trust the
 *     certificate's issuer, and the certificate must name the advertised host
 * @param keyStorePassword the password of the store and of the key in it
 * @param admin the super user, who creates users and access lists
 * @param adminPassword the super user's password, at least 8 characters; set again at each start
 */
public record BrokerSecurity(
    Path keyStore, String keyStorePassword, String admin, String adminPassword) {

  private static final int SHORTEST_PASSWORD = 8;

  /**
   * Checks all fields; messages contain no password.
   *
   * @throws ConfigException naming every field that is invalid
   */
  public BrokerSecurity {
    new Problems()
        .unless(Files.isReadable(keyStore), "key-store", keyStore, "is not a readable file")
        .unless(!keyStorePassword.isEmpty(), "key-store-password", "''", "must be given")
        .unless(
            admin.matches("[a-zA-Z0-9._-]{1,100}"),
            "admin-user",
            admin,
            "1 to 100 letters, digits, '.', '_' and '-'")
        .unless(
            adminPassword.length() >= SHORTEST_PASSWORD,
            "admin-password",
            "(" + adminPassword.length() + " characters)",
            "must have at least " + SHORTEST_PASSWORD)
        .throwIfAny("broker");
  }

  /**
   * Checks that the key store can be opened, for a shorter message than Kafka's.
   *
   * @throws ConfigException if it cannot be opened with its password
   */
  void requireKey() {
    try {
      var unused = KeyStore.getInstance(keyStore.toFile(), keyStorePassword.toCharArray());
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          "broker",
          List.of(
              "key-store=%s: cannot be opened with key-store-password (%s)"
                  .formatted(keyStore, e.getMessage())));
    }
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "BrokerSecurity[keyStore=" + keyStore + ", admin=" + admin + "]";
  }
}
