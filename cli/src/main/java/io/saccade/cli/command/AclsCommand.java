package io.saccade.cli.command;

import com.google.gson.JsonObject;
import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.Output;
import io.saccade.ingest.Access;
import io.saccade.ingest.AccessGranter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade topics acls}: prints or applies the least ACLs that a role's user needs. */
@Command(
    name = "acls",
    description = {
      "Prints the access list of a role's user as options of Kafka's kafka-acls.sh --add.",
      "With --apply the list is added on the broker, and with --user-password the user is created,"
          + " too; that needs an administrator's login (--kafka)."
    })
final class AclsCommand implements Callable<Integer> {

  @Mixin private BusOptions bus;
  @Mixin private Output output;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      description = "router, sampler, worker, producer, consumer or topics.")
  private Access role;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "The user's name on the broker. Default: the role's.")
  private String user;

  @Option(names = "--apply", description = "Add the list on the broker.")
  private boolean apply;

  @Option(
      names = "--user-password",
      paramLabel = "PASSWORD",
      description =
          "With --apply: create the user with this SCRAM-SHA-512 password. Set it in the environment"
              + " rather than on the command line, which other users of this machine can see.")
  private String password;

  @Override
  public Integer call() {
    new Problems()
        .unless(
            apply || password == null,
            "user-password",
            "(given)",
            "creates a user only with --apply; add it")
        .throwIfAny("topics acls");
    BusConfig config = bus.config();
    String name = user == null ? role.label() : user;
    List<AclBinding> acls = role.acls(config.topicPrefix(), "User:" + name);
    if (apply) {
      AccessGranter granter = new AccessGranter(config);
      if (password != null) {
        granter.user(name, password);
      }
      granter.grant(acls);
    }
    acls.forEach(acl -> output.print(output.json() ? json(acl) : line(acl)));
    return ExitCode.OK;
  }

  private static String line(AclBinding acl) {
    return "--allow-principal %s --operation %s --%s %s --resource-pattern-type %s"
        .formatted(
            acl.entry().principal(),
            lower(acl.entry().operation()),
            option(acl.pattern().resourceType()),
            quoted(acl.pattern().name()),
            lower(acl.pattern().patternType()));
  }

  /** The name, in quotes if a shell would expand it to names of files. */
  private static String quoted(String name) {
    return name.equals(ResourcePattern.WILDCARD_RESOURCE) ? "'" + name + "'" : name;
  }

  private static String option(ResourceType type) {
    return lower(type).replace('_', '-');
  }

  private static String json(AclBinding acl) {
    JsonObject json = new JsonObject();
    json.addProperty("principal", acl.entry().principal());
    json.addProperty("operation", acl.entry().operation().name());
    json.addProperty("resource", acl.pattern().resourceType().name());
    json.addProperty("name", acl.pattern().name());
    json.addProperty("prefixed", acl.pattern().patternType() == PatternType.PREFIXED);
    return json.toString();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
