package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out before a role starts whether its topics are there and its user may do what it does:
 * what Kafka's clients would say one after the other, and some of it only to the log.
 */
public final class AccessCheck {

  private static final Logger log = LoggerFactory.getLogger(AccessCheck.class);

  /** Between two attempts, of which one takes no time where a host has no address yet. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final BusConfig config;
  private final Access access;
  private final List<String> missing = new ArrayList<>();
  private final List<String> denied = new ArrayList<>();

  private AccessCheck(BusConfig config, Access access) {
    this.config = config;
    this.access = access;
  }

  /**
   * Makes sure that a broker answers, has the role's topics and lets its user work. Brokers and
   * roles may be started together, so a broker has a while to answer; that it is waited for is
   * logged.
   *
   * @param patience how long no broker may answer; it has 5 s at least
   * @throws IngestException naming everything that is missing or not allowed
   */
  public static void require(BusConfig config, Access access, Duration patience) {
    long begin = System.nanoTime();
    while (true) {
      long tried = System.nanoTime();
      try {
        check(config, access);
        return;
      } catch (IngestException.Unreachable e) {
        if (System.nanoTime() - begin >= patience.toNanos()) {
          throw e;
        }
        log.warn(
            "event=broker_awaited role={} bootstrap_servers={}",
            access.label(),
            config.bootstrapServers());
        pause(RETRY.toNanos() - (System.nanoTime() - tried));
      }
    }
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IngestException("interrupted while waiting for the broker", e);
    }
  }

  private static void check(BusConfig config, Access access) {
    AccessCheck check = new AccessCheck(config, access);
    try (Admin admin = BusCheck.connect(config)) {
      check.topics(admin);
      check.groups(admin);
      check.transactions(admin);
    }
    check.throwIfAny();
  }

  private void topics(Admin admin) {
    Set<Topic<?>> all = new LinkedHashSet<>(access.reads());
    all.addAll(access.writes());
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(
                all.stream().map(config::name).toList(),
                new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    for (Topic<?> topic : all) {
      String name = config.name(topic);
      Set<AclOperation> allowed = allowed(name, described.get(name));
      if (access.reads().contains(topic)) {
        require(allowed, AclOperation.READ, "read topic " + name);
      }
      if (access.writes().contains(topic)) {
        require(allowed, AclOperation.WRITE, "write topic " + name);
      }
    }
  }

  /** What may be done with a topic; null if it is not there, or the broker does not say. */
  private Set<AclOperation> allowed(String name, KafkaFuture<TopicDescription> described) {
    try {
      return BusCheck.get(described, config).authorizedOperations();
    } catch (UnknownTopicOrPartitionException e) {
      missing.add(name);
      return null;
    } catch (AuthorizationException e) {
      return Set.of();
    }
  }

  private void require(Set<AclOperation> allowed, AclOperation needed, String what) {
    if (allowed != null && !allowed.contains(needed) && !allowed.contains(AclOperation.ALL)) {
      denied.add(what);
    }
  }

  private void groups(Admin admin) {
    for (String group : access.groups()) {
      String name = config.topicPrefix() + group;
      try {
        var unused =
            BusCheck.get(
                admin.describeConsumerGroups(List.of(name)).describedGroups().get(name), config);
      } catch (AuthorizationException e) {
        denied.add("join group " + name);
      } catch (GroupIdNotFoundException | ResourceNotFoundException e) {
        // nobody has joined it yet
      }
    }
  }

  private void transactions(Admin admin) {
    for (Access.Rule rule : access.more()) {
      if (rule.type() == ResourceType.TRANSACTIONAL_ID) {
        transaction(admin, config.topicPrefix() + rule.prefix());
      }
    }
  }

  private void transaction(Admin admin, String id) {
    try {
      var unused = BusCheck.get(admin.describeTransactions(List.of(id)).description(id), config);
    } catch (AuthorizationException e) {
      denied.add("use transactional id " + id);
    } catch (TransactionalIdNotFoundException e) {
      // nobody has used it yet
    }
  }

  private void throwIfAny() {
    if (!denied.isEmpty()) {
      throw new IngestException(
          "the %s's user may not %s: give it what ./saccade topics acls --role %s lists"
              .formatted(access.label(), String.join(", ", denied), access.label()));
    }
    if (!missing.isEmpty()) {
      throw new IngestException(
          "no topic %s on %s: create the topics with ./saccade topics create"
              .formatted(String.join(", ", missing), config.bootstrapServers()));
    }
  }
}
