package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.TerminalText;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.FeedReader;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.FeedStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade feeds}: prints the states of live feeds, from the feed-status topic. */
@Command(
    name = "feeds",
    description = "Prints the last known state of each live feed, ordered by id.")
public final class FeedsCommand implements Callable<Integer> {

  @Mixin private BusOptions bus;
  @Mixin private Output output;

  @Option(
      names = "--follow",
      description = "Continue with changes as they arrive; ends with Ctrl-C.")
  private boolean follow;

  @Override
  public Integer call() {
    BusConfig config = bus.config();
    BusCheck.require(config, Topics.FEED_STATUS);
    try (FeedReader reader = FeedReader.fromStart(config)) {
      Map<String, FeedStatus> last = new TreeMap<>();
      reader.readToEnd(status -> last.put(status.getVideoId(), status));
      last.values().forEach(this::print);
      while (follow) {
        reader.poll(this::print);
      }
    }
    return ExitCode.OK;
  }

  private void print(FeedStatus status) {
    output.print(status, line(status));
  }

  private static String line(FeedStatus status) {
    String line =
        String.format(
            "%s  %s  %s  %d windows  %s",
            Times.java(status.getAt()),
            status.getVideoId(),
            status.getState(),
            status.getWindows(),
            status.getSampler());
    return status.hasReason()
        ? line + "  " + TerminalText.oneLine(status.getReason().getMessage())
        : line;
  }
}
