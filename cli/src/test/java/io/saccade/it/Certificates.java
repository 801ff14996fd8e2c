package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker's key and self-signed certificate, and a store that trusts it, by the JDK's keytool. */
record Certificates(Path keyStore, Path trustStore) {

  /** Of both stores. */
  static final String PASSWORD = "store-secret";

  /** Makes them in a folder. */
  static Certificates create(Path folder, String name) throws IOException, InterruptedException {
    Path keys = folder.resolve(name + "-keys.p12");
    Path trust = folder.resolve(name + "-trust.p12");
    Path certificate = folder.resolve(name + ".pem");
    keytool(
        keys,
        "-genkeypair",
        "-alias=broker",
        "-keyalg=EC",
        "-dname=CN=localhost",
        "-ext=san=dns:localhost,ip:127.0.0.1",
        "-validity=30");
    keytool(keys, "-exportcert", "-alias=broker", "-rfc", "-file=" + certificate);
    keytool(trust, "-importcert", "-alias=broker", "-noprompt", "-file=" + certificate);
    return new Certificates(keys, trust);
  }

  /** Options are written {@code -name=value}. */
  private static void keytool(Path store, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (String option : options) {
      command.addAll(List.of(option.split("=", 2)));
    }
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] said = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(new String(said, StandardCharsets.UTF_8)).isZero();
  }
}
