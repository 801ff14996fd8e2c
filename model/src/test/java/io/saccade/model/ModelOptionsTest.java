package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda", "cuda:0", "cuda:12"})
  void takesDevices(String device) {
    assertThatNoException()
        .isThrownBy(() -> new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:0000", "cpu\n"})
  void refusesOtherDevices(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO))
        .withMessageContaining("cpu, cuda or cuda:N");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", -1, OptionalInt.empty(), Precision.AUTO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", 0, OptionalInt.of(0), Precision.AUTO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", 0, OptionalInt.of(4097), Precision.AUTO));
  }

  @Test
  void saysWhatIsMissingForCuda() {
    ModelOptions cuda = new ModelOptions("cuda:100", 0, OptionalInt.empty(), Precision.AUTO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlowFastModel.load(TestData.randomCheckpoint(), cuda))
        .withMessageContaining("device is cuda:100, but");
  }
}
