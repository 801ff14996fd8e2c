package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.broker.BrokerException;
import io.saccade.cli.local.ExitCode;
import io.saccade.ingest.IngestException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

  @Test
  void helpAndVersionGoToStandardOutput() {
    Outcome version = Outcome.of("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).matches("saccade \\d+\\.\\d+\\.\\d+.*\\R");
    assertThat(Outcome.of("--help").out()).contains("topics", "ingest").doesNotContain("warm-up");
    assertThat(Outcome.of("ingest", "question", "--help").out()).contains("--decode-mode");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | the command is missing",
        "topics | the subcommand is missing: create, list or acls",
        "topics crate | crate",
        "ingest question --video v | TEXT",
        "ingest question hello | --video",
        "ingest video v.mp4 --from soon | not a duration",
        "ingest question --video v hello --decode-mode slow | neither prompt nor all-text",
        "topics create --partitions 0 | partitions=0",
        "topics create --partitions many | many",
        "topics list --topic-prefix % | topic-prefix=%",
        "topics list --kafka acks=0 | kafka.acks=0",
        "topics list --kafka security.protocol=SASL_SSL --kafka sasl.jaas.config=hunter2 | not of the form",
        "topics acls --role king | king",
        "topics acls --role worker --user-password hunter2hunter2 | user-password=(given)",
        "broker --quorum a:1,b --node-id 3 | node-id=3",
        "broker --node-id 2 | node-id=2: a broker that is alone has none",
        "broker --cluster-id AAAAAAAAAAAAAAAAAAAAAA | cluster-id=AAAAAAAAAAAAAAAAAAAAAA",
        "broker --key-store-password hunter2 | key-store-password=(given): secures nothing",
        "broker --admin-password hunter2hunter2 | admin-password=(given): secures nothing",
        "broker --admin-user root | admin-user=root: secures nothing",
        "chaos --kills -1 --clips . | kills=-1",
        "bench scale --protocol none | protocol=none",
        "topics list --kafka security.protocol=TELEPATHY | TELEPATHY",
        "topics list --bootstrap-servers nonsense | nonsense",
        "answers --log-level loud | loud",
        "answers --config | --config",
        "sampler --allow-host https://example.com | is not a host",
        "serve --allow-network 10.0.0 | is not a block of addresses",
        "ask --download-bytes much a.mp4 hello | not a number of bytes",
        "ask absent.mp4 hello | absent.mp4: no such file",
        "ask http://user@videos.example.com/a.mp4 hello | no user and no password",
        "ask http://2130706433x/a.mp4 hello | is not a host",
        "broker --port 70000 | port=70000",
        "sampler --frame-encoding png | raw, zstd or jpeg:90",
        "demo --frame-encoding jpeg:0 | quality=0",
        "worker --sampling-policy sometimes | uniform, fps:NUMBER, fps-first:NUMBER",
        "ask v.mp4 why --sampling-policy fps:0 | positive"
      })
  void aMistakeIsOneLineAndExitCodeTwo(String args, String names) {
    Outcome outcome = Outcome.of(args == null ? new String[0] : args.split(" "));

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("saccade: ").contains(names).hasLineCount(1);
  }

  @Test
  void whatTheUserCanDoNothingAboutSaysWhereToLook() {
    assertThat(reported(new IllegalStateException("first\nsecond")))
        .isEqualTo(
            new Outcome(
                ExitCode.FAILED,
                "",
                "saccade: IllegalStateException: first second (for the details, repeat with"
                    + " --log-level debug)\n"));
    assertThat(reported(new AuthorizationException("no")).err()).contains("Kafka says: no");
    assertThat(reported(new NullPointerException()).err()).contains("NullPointerException");
  }

  @Test
  void whatWeKnowIsSaidAsItIs() {
    assertThat(reported(new ExecutionException(new BrokerException("port=1: taken"))))
        .isEqualTo(new Outcome(ExitCode.FAILED, "", "saccade: port=1: taken\n"));
    assertThat(reported(new IngestException("no broker")).code()).isEqualTo(ExitCode.FAILED);
    assertThat(reported(new IngestException.TooLarge("large", null)).code())
        .isEqualTo(ExitCode.USAGE);
  }

  private static Outcome reported(Exception e) {
    StringWriter err = new StringWriter();
    int code = new ErrorReport().print(e, new PrintWriter(err));
    return new Outcome(code, "", err.toString());
  }
}
