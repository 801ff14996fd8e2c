package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/** Makes users and gives them access, as an administrator of the broker. */
public final class AccessGranter {

  private static final int ITERATIONS = 8192;

  private final BusConfig config;

  /** Works on this bus, whose settings log an administrator in. */
  public AccessGranter(BusConfig config) {
    this.config = config;
  }

  /**
   * Makes a user with a SCRAM-SHA-512 password, or gives one another password.
   *
   * @throws IngestException if the broker does not answer
   * @throws org.apache.kafka.common.KafkaException if it refuses
   */
  public void user(String name, String password) {
    try (Admin admin = BusCheck.connect(config)) {
      ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
      var unused =
          BusCheck.get(
              admin
                  .alterUserScramCredentials(
                      List.of(new UserScramCredentialUpsertion(name, info, password)))
                  .all(),
              config);
    }
  }

  /**
   * Adds to the broker's access lists; what is there already stays.
   *
   * @throws IngestException if the broker does not answer
   * @throws org.apache.kafka.common.KafkaException if it refuses
   */
  public void grant(Collection<AclBinding> acls) {
    try (Admin admin = BusCheck.connect(config)) {
      var unused = BusCheck.get(admin.createAcls(acls).all(), config);
    }
  }
}
