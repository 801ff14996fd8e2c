package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.chaos.Chaos;
import io.saccade.chaos.ChaosConfig;
import io.saccade.chaos.ChaosReport;
import io.saccade.chaos.ChaosReport.Hit;
import io.saccade.chaos.Failure;
import io.saccade.chaos.FailureKind;
import io.saccade.chaos.Part;
import io.saccade.cli.Main;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The small form of {@code saccade chaos}: one failure of each part. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosIT {

  private static final int QUESTIONS = 40;
  private static final int FAILURES = Part.values().length;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path dir;

  @Test
  void nothingIsLostOrDoubledWhateverFails() throws Exception {
    ChaosConfig config =
        new ChaosConfig(
            QUESTIONS,
            FAILURES,
            4,
            20,
            6,
            Duration.ofMillis(50),
            Demo.clips(),
            dir,
            Main.class.getName());
    try (Chaos chaos = new Chaos(config, line -> {})) {
      ChaosReport report = chaos.run();

      assertThat(report.problems()).as("logs in %s", config.logs()).isEmpty();
      assertThat(report.answers()).isEqualTo(QUESTIONS);
      assertThat(report.failures())
          .extracting(Hit::failure)
          .filteredOn(failure -> failure.kind() != FailureKind.EXIT)
          .extracting(Failure::part)
          .containsExactlyInAnyOrder(Part.values());
    }
  }
}
