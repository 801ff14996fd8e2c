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
 * Clients connect over TLS and log in with SASL/SCRAM-SHA-512; who is logged in may do what access
 * lists say and nothing else.
 *
 * @param keyStore the broker's key and certificate (PKCS12 or JKS); clients trust its issuer, and
 *     it names the advertised host
 * @param keyStorePassword of the store and of the key in it
 * @param admin the user who may do everything: gives users passwords and access
 * @param adminPassword that user's, set anew at each start
 */
public record BrokerSecurity(
    Path keyStore, String keyStorePassword, String admin, String adminPassword) {

  private static final int SHORTEST_PASSWORD = 8;

  /** Checks all fields; never names a password. */
  public BrokerSecurity {
    new Problems()
        .unless(Files.isReadable(keyStore), "key-store", keyStore, "is no file that can be read")
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
   * Opens the key store: Kafka would say the same in a page.
   *
   * @throws ConfigException if that cannot be done
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
