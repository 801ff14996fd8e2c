package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.cli.local.ExitCode;
import io.saccade.proto.Json;
import io.saccade.proto.v1.StandingQuestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code saccade standing} against a real broker. */
class StandingCommandTest {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start(@TempDir Path dir) {
    broker = EmbeddedBroker.start(BrokerConfig.local(dir, 0));
    assertThat(run("topics", "create").code()).isZero();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Outcome run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    return Outcome.of(all.toArray(String[]::new));
  }

  private static StandingQuestion parse(String line) {
    return Json.parse(line, StandingQuestion.newBuilder()).build();
  }

  @Test
  void aQuestionIsAddedListedReplacedAndCancelled() {
    Outcome added =
        run(
            "standing",
            "add",
            "Is a person at the gate?",
            "--id=gate",
            "--label=site=gate-3",
            "--label=cam=1",
            "--model=demo",
            "--freshness=20s",
            "--report-skipped",
            "--max-tokens=5",
            "--alert=yes|ja",
            "--alert-windows=2",
            "--hold-off=1m",
            "--json");
    assertThat(added.code()).isZero();
    StandingQuestion standing = parse(added.out());
    assertThat(standing.getSelector().getLabelsMap()).containsEntry("cam", "1").hasSize(2);
    assertThat(standing.getFreshness().getSeconds()).isEqualTo(20);
    assertThat(standing.getOptions().getMaxNewTokens()).isEqualTo(5);
    assertThat(standing.getAlert().getMinWindows()).isEqualTo(2);
    assertThat(standing.getAlert().getHoldOff().getSeconds()).isEqualTo(60);
    assertThat(standing.getReportSkipped()).isTrue();
    assertThat(run("standing", "list", "--json").lines()).contains(added.out().strip());
    assertThat(run("standing", "list").out())
        .contains("gate", "site", "Is a person at the gate?", "alert: yes|ja");

    assertThat(run("standing", "add", "And now?", "--id=gate", "--video=v").code()).isZero();
    assertThat(run("standing", "list", "--json").lines())
        .map(StandingCommandTest::parse)
        .filteredOn(listed -> listed.getQuestionId().equals("gate"))
        .singleElement()
        .satisfies(listed -> assertThat(listed.getVideoId()).isEqualTo("v"));

    assertThat(run("standing", "cancel", "gate").out())
        .matches("cancelled gate at saccade.standing-questions-0@\\d+\n");
    assertThat(run("standing", "list").out()).doesNotContain("gate");
    Outcome again = run("standing", "cancel", "gate");
    assertThat(again.code()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).contains("no standing question gate").hasLineCount(1);
    assertThat(run("standing", "add", "And now?", "--id=gate", "--video=v").code()).isZero();
    assertThat(parse(run("standing", "cancel", "gate", "--json").out()))
        .isEqualTo(StandingQuestion.newBuilder().setQuestionId("gate").build());
  }

  @Test
  void aQuestionOutsideTheContractIsRefused() {
    Outcome refused =
        run("standing", "add", " ", "--video=v", "--freshness=2h", "--alert=", "--hold-off=48h");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("text=", "freshness=PT2H", "alert=", "hold-off=PT48H");
    assertThat(run("standing", "add", "What?").code()).isEqualTo(ExitCode.USAGE);
    assertThat(run("standing", "add", "What?", "--video=v", "--label=a=b").code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(Outcome.of("standing").err()).contains("add, list or cancel");
  }

  @Test
  void aUserCannotTakeTheIdOfAWindowsQuestion() {
    Outcome refused =
        run("ingest", "question", "What?", "--video=v", "--id=s#" + "0123456789abcdef".repeat(2));
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("question-id=s#", "standing questions' windows");
  }
}
