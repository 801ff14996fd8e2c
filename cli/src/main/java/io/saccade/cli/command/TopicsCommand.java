package io.saccade.cli.command;

import com.google.gson.JsonObject;
import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.ByteSize;
import io.saccade.cli.option.Output;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicCreator.TopicState;
import io.saccade.ingest.TopicPlan;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code saccade topics}: creates and lists the topics of the contract, and their ACLs. */
@Command(
    name = "topics",
    description = "Creates or lists the topics that the roles use, and their access lists.",
    subcommands = {TopicsCommand.Create.class, TopicsCommand.ListAll.class, AclsCommand.class})
public final class TopicsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "the subcommand is missing: create, list or acls");
  }

  /** {@code saccade topics create}. */
  @Command(
      name = "create",
      description = "Creates the topics that are missing; existing ones are not changed.")
  static final class Create implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;
    @Mixin private TopicOptions topics;

    @Override
    public Integer call() {
      TopicPlan plan = topics.plan();
      BusConfig config = bus.config();
      try (Admin admin = BusCheck.connect(config)) {
        new TopicCreator(admin, config, plan).create().forEach(state -> print(output, state));
      }
      return ExitCode.OK;
    }
  }

  /** {@code saccade topics list}. */
  @Command(
      name = "list",
      description = "Lists the topics of the contract and their state on the broker.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;

    @Override
    public Integer call() {
      BusConfig config = bus.config();
      try (Admin admin = BusCheck.connect(config)) {
        new TopicCreator(admin, config, TopicPlan.DEFAULT)
            .list()
            .forEach(state -> print(output, state));
      }
      return ExitCode.OK;
    }
  }

  /** The options for new topics. */
  static final class TopicOptions {

    @Option(
        names = "--partitions",
        paramLabel = "N",
        description =
            "Partitions of each topic that is keyed by video, which are also the most workers that"
                + " can share the work. Default: ${DEFAULT-VALUE}",
        defaultValue = "" + TopicPlan.DEFAULT_PARTITIONS)
    private int partitions;

    @Option(
        names = "--replication-factor",
        paramLabel = "N",
        description = "Copies of each partition, -1 for the broker's default. Default: -1",
        defaultValue = "-1")
    private short replicationFactor;

    @Option(
        names = "--frames-retention",
        paramLabel = "BYTES",
        description =
            "The most bytes of frames that the log keeps, in all partitions together, for each"
                + " copy. Default: ${DEFAULT-VALUE}",
        defaultValue = "8GiB")
    private ByteSize framesRetention;

    /**
     * The plan of the topics.
     *
     * @throws io.saccade.bus.ConfigException if a value is out of range
     */
    TopicPlan plan() {
      return new TopicPlan(partitions, replicationFactor, framesRetention.bytes());
    }
  }

  private static void print(Output output, TopicState state) {
    output.print(output.json() ? json(state) : line(state));
  }

  private static String line(TopicState state) {
    String line =
        String.format(
            "%-8s %-30s %d partitions",
            state.status().name().toLowerCase(java.util.Locale.ROOT),
            state.topic(),
            state.partitions());
    return state.differing().isEmpty() ? line : line + ", differs: " + state.differing();
  }

  private static String json(TopicState state) {
    JsonObject object = new JsonObject();
    object.addProperty("topic", state.topic());
    object.addProperty("status", state.status().name());
    object.addProperty("partitions", state.partitions());
    JsonObject differing = new JsonObject();
    state.differing().forEach(differing::addProperty);
    object.add("differing", differing);
    return object.toString();
  }
}
