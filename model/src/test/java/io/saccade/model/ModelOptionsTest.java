package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda", "cuda:0", "cuda:12"})
  void takesDevices(String device) {
    assertThatNoException()
        .isThrownBy(() -> new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:0000", "cpu\n"})
  void refusesOtherDevices(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO, false))
        .withMessageContaining("cpu, cuda or cuda:N");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", -1, OptionalInt.empty(), Precision.AUTO, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", 0, OptionalInt.of(0), Precision.AUTO, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelOptions("cpu", 0, OptionalInt.of(4097), Precision.AUTO, false));
  }

  @Test
  void saysWhatIsMissingForCuda() {
    ModelOptions cuda = new ModelOptions("cuda:100", 0, OptionalInt.empty(), Precision.AUTO, false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlowFastModel.load(TestData.randomCheckpoint(), cuda))
        .withMessageContaining("device is cuda:100, but");
  }

  @Test
  void saysWhichCudaLibrariesAreMissing(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("libtorch.so"));
    Files.createFile(folder.resolve("libc10_cuda.so"));
    assertThatNoException()
        .isThrownBy(() -> TorchEngine.requireLibraries("cpu", folder.toString()));
    assertThatNoException().isThrownBy(() -> TorchEngine.requireLibraries("cuda", null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TorchEngine.requireLibraries("cuda:1", folder.toString()))
        .withMessage(
            "device is cuda:1, but PYTORCH_LIBRARY_PATH is %s, which has no libtorch_cuda.so: set PYTORCH_LIBRARY_PATH to the lib folder of a torch 2.7.1 cu128 installation"
                .formatted(folder));
  }
}
