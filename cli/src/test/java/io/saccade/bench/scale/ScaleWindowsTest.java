package io.saccade.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.cli.option.Output;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Window;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What {@code bench scale} says of windows and how it prints figures. */
class ScaleWindowsTest {

  private static final Instant WITHDRAWN = Instant.parse("2026-01-01T12:00:00Z");

  private final ScaleWindows windows = new ScaleWindows("standing", Duration.ofSeconds(1));

  @Test
  void aWindowAnsweredTwiceDoesNotHideOneWithoutAnAnswer() {
    clip("one");
    clip("one");
    clip("two");
    answer("standing#one", AnswerStatus.OK);
    answer("standing#one", AnswerStatus.SKIPPED);

    assertThat(printed(0))
        .contains(
            figure("windows published", 2),
            figure("windows without an answer", 1, "<= 0", false),
            figure("answers repeated", 1, "<= 0", false),
            figure("windows answered", 1),
            figure("windows skipped", 0));
  }

  @Test
  void whatFailedIsNotSkipped() {
    clip("one");
    clip("two");
    answer("standing#one", AnswerStatus.FAILED);
    answer("standing#two", AnswerStatus.SKIPPED);
    answer("standing#three", AnswerStatus.OK);

    assertThat(printed(2))
        .contains(
            figure("windows without an answer", 0, "<= 0", true),
            figure("answers to no window", 1, "<= 0", false),
            figure("windows with another answer", 1, "<= 0", false),
            figure("skipped windows that the router counted otherwise", 1, "<= 0", false));
  }

  @Test
  void aFigureWithoutValuesIsNullAndMeetsNoAim() {
    Printed printed = new Printed();
    printed.figures().atMost("load", "oldest", ScaleFigures.quantile(0.5), 6);
    printed.figures().atLeast("load", "times", Double.POSITIVE_INFINITY, 1);
    printed.figures().print("load", "median", Double.NaN);

    assertThat(printed.lines())
        .containsExactly(
            "{\"section\":\"load\",\"what\":\"oldest\",\"value\":null,\"aim\":\"<= 6\",\"met\":false}",
            "{\"section\":\"load\",\"what\":\"times\",\"value\":null,\"aim\":\">= 1\",\"met\":false}",
            "{\"section\":\"load\",\"what\":\"median\",\"value\":null}");
  }

  @Test
  void whatEndedWhenItsFeedWasWithdrawnNeedsNoAnswer() {
    clip("early", WITHDRAWN.minusSeconds(2));
    clip("late", WITHDRAWN.minusMillis(100));

    assertThat(printed(0))
        .contains(
            figure("windows without an answer", 1, "<= 0", false),
            figure("windows after the withdrawal without an answer", 1));
  }

  private void clip(String id) {
    clip(id, Instant.EPOCH);
  }

  private void clip(String id, Instant end) {
    windows.clip(
        ClipManifest.newBuilder()
            .setClipId(id)
            .setWindow(Window.newBuilder().setEnd(Times.proto(end)))
            .build());
  }

  private void answer(String question, AnswerStatus status) {
    windows.answer(Answer.newBuilder().setQuestionId(question).setStatus(status).build());
  }

  private List<String> printed(long counted) {
    Printed printed = new Printed();
    windows.print(printed.figures(), "load", video -> WITHDRAWN, counted);
    return printed.lines();
  }

  private static String figure(String what, long value) {
    return "{\"section\":\"load\",\"what\":\"%s\",\"value\":%d.0}".formatted(what, value);
  }

  private static String figure(String what, long value, String aim, boolean met) {
    return figure(what, value).replace("}", ",\"aim\":\"%s\",\"met\":%s}".formatted(aim, met));
  }

  /** Figures as JSON lines. */
  @Command
  private static final class Printed {

    @Mixin private Output output;

    private final StringWriter out = new StringWriter();

    Printed() {
      new CommandLine(this).setOut(new PrintWriter(out, true)).parseArgs("--json");
    }

    ScaleFigures figures() {
      return new ScaleFigures(output);
    }

    List<String> lines() {
      return out.toString().lines().toList();
    }
  }
}
