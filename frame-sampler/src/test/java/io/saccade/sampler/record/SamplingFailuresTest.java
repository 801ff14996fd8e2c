package io.saccade.sampler.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.FailureCode;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "REFUSED,VIDEO_REFUSED",
    "UNREADABLE,VIDEO_UNREADABLE",
    "NO_VIDEO_STREAM,VIDEO_NO_STREAM",
    "UNSUPPORTED,NOT_SUPPORTED",
    "CORRUPT,VIDEO_CORRUPT",
    "EMPTY_RANGE,VIDEO_RANGE_EMPTY",
    "TIMEOUT,VIDEO_TIMEOUT",
    "CANCELLED,SAMPLING_FAILED"
  })
  void aVideosFailureKeepsItsSentence(Category category, FailureCode code) {
    var failure = SamplingFailures.of(new VideoException(category, "what is wrong"));

    assertThat(failure.getCode()).isEqualTo(code);
    assertThat(failure.getMessage()).isEqualTo("what is wrong");
  }

  @Test
  void whatMayPassSaysSo() {
    var passing = VideoException.passing(Category.UNREADABLE, "the host does not answer", null);

    assertThat(SamplingFailures.of(passing).getPassing()).isTrue();
    assertThat(
            SamplingFailures.of(new VideoException(Category.UNREADABLE, "no such file"))
                .getPassing())
        .isFalse();
    assertThat(SamplingFailures.of(new IllegalStateException()).getPassing()).isTrue();
    assertThat(SamplingFailures.of(new RecordTooLargeException()).getPassing()).isFalse();
  }

  @Test
  void aFrameTooLargeForTheLogNamesTheSetting() {
    var failure = SamplingFailures.of(new RecordTooLargeException("internal words"));

    assertThat(failure.getCode()).isEqualTo(FailureCode.SAMPLING_FAILED);
    assertThat(failure.getMessage()).contains("max.message.bytes").doesNotContain("internal");
  }

  @Test
  void aFaultOfOursTellsStrangersItsTypeOnly() {
    var failure = SamplingFailures.of(new IllegalStateException("internal words"));

    assertThat(failure.getCode()).isEqualTo(FailureCode.SAMPLING_FAILED);
    assertThat(failure.getMessage()).contains("IllegalStateException").doesNotContain("internal");
  }
}
