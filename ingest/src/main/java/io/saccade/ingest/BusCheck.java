package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Finds out at once what Kafka's clients would find out in a minute, and says it in a sentence:
 * that there is no broker, or that its topics are missing.
 */
public final class BusCheck {

  /** How long a broker may take to answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private BusCheck() {}

  /**
   * Connects an admin client; the caller closes it.
   *
   * @throws IngestException.Unreachable if no broker answers
   * @throws IngestException if it refuses the login, is not trusted, or is no broker
   */
  @SuppressWarnings("MustBeClosed") // by the caller, or here when nobody answers
  public static Admin connect(BusConfig config) {
    new BrokerProbe(config).run();
    Admin admin = open(config);
    try {
      get(admin.describeCluster().nodes(), config);
      return admin;
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Makes sure that a broker answers and has these topics.
   *
   * @throws IngestException if not
   */
  public static void require(BusConfig config, Topic<?>... topics) {
    try (Admin admin = connect(config)) {
      List<String> missing = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (Topic<?> topic : topics) {
        names.add(config.name(topic));
      }
      Map<String, ? extends KafkaFuture<?>> described =
          admin.describeTopics(names).topicNameValues();
      for (String name : names) {
        if (!exists(name, described.get(name), config)) {
          missing.add(name);
        }
      }
      if (!missing.isEmpty()) {
        throw new IngestException(
            "no topic "
                + String.join(", ", missing)
                + " on "
                + config.bootstrapServers()
                + ": create the topics with ./saccade topics create");
      }
    }
  }

  private static boolean exists(String name, KafkaFuture<?> description, BusConfig config) {
    try {
      get(description, config);
      return true;
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    } catch (AuthorizationException e) {
      throw new IngestException(
          "the user may not use topic %s: see ./saccade topics acls --help".formatted(name), e);
    }
  }

  /**
   * Waits for the broker's word.
   *
   * @throws IngestException if it does not come
   * @throws KafkaException what the broker says
   */
  static <T> T get(KafkaFuture<T> future, BusConfig config) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unreachable(config, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(config, e);
      }
      if (e.getCause() instanceof AuthenticationException refused) {
        throw refused(config, refused);
      }
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IngestException("interrupted while waiting for the broker", e);
    }
  }

  private static Admin open(BusConfig config) {
    Map<String, Object> settings = new HashMap<>(config.admin());
    settings.putIfAbsent(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
    settings.putIfAbsent(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /** A client that cannot even be made: its settings are wrong. */
  static RuntimeException unusable(KafkaException e) {
    String reason = (e instanceof ConfigException ? e : root(e)).getMessage();
    return new IllegalArgumentException(
        "Kafka refuses the settings: "
            // What Kafka says of this one may hold a part of it.
            + (reason != null && reason.contains("JAAS")
                ? "sasl.jaas.config is not of the form LOGIN-MODULE required username=\"NAME\""
                    + " password=\"PASSWORD\";"
                : reason),
        e);
  }

  /** TLS says what is wrong at the end of its causes. */
  private static IngestException refused(BusConfig config, AuthenticationException refused) {
    String what =
        refused instanceof SslAuthenticationException
            ? "the broker at %s is not trusted (%s): name its certificate or issuer with --kafka"
                + " ssl.truststore.location"
            : "the broker at %s refuses the login (%s): check sasl.jaas.config";
    return new IngestException(
        what.formatted(config.bootstrapServers(), root(refused).getMessage()), refused);
  }

  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static IngestException unreachable(BusConfig config, Exception cause) {
    return new IngestException.Unreachable(
        "no broker at "
            + config.bootstrapServers()
            + ": start one with ./saccade serve or ./saccade broker, or name another with"
            + " --bootstrap-servers",
        cause);
  }
}
