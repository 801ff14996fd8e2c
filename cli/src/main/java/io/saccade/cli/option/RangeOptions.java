package io.saccade.cli.option;

import io.saccade.proto.Times;
import io.saccade.proto.v1.TimeRange;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose a part of a video. */
public final class RangeOptions {

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only the part from this time on, for example 12s or 00:01:30.")
  private @Nullable Duration from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only the part before this time.")
  private @Nullable Duration to;

  /** The beginning of the part, inclusive; empty for the start of the video. */
  public Optional<Duration> from() {
    return Optional.ofNullable(from);
  }

  /** The end of the part, exclusive; empty for the end of the video. */
  public Optional<Duration> to() {
    return Optional.ofNullable(to);
  }

  /** The part as a field of a record; empty for the whole video. */
  public Optional<TimeRange> range() {
    if (from == null && to == null) {
      return Optional.empty();
    }
    TimeRange.Builder range = TimeRange.newBuilder();
    from().ifPresent(time -> range.setFrom(Times.proto(time)));
    to().ifPresent(time -> range.setTo(Times.proto(time)));
    return Optional.of(range.build());
  }
}
