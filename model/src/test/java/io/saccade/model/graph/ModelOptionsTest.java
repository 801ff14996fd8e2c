package io.saccade.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.saccade.model.TestData;
import io.saccade.model.VideoModel;
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
        .isThrownBy(
            () ->
                new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO, WideCopies.AUTO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:0000", "cpu\n"})
  void refusesOtherDevices(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ModelOptions(device, 0, OptionalInt.empty(), Precision.AUTO, WideCopies.AUTO))
        .withMessageContaining("cpu, cuda or cuda:N");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ModelOptions("cpu", -1, OptionalInt.empty(), Precision.AUTO, WideCopies.AUTO));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ModelOptions("cpu", 0, OptionalInt.of(0), Precision.AUTO, WideCopies.AUTO));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ModelOptions("cpu", 0, OptionalInt.of(4097), Precision.AUTO, WideCopies.AUTO));
  }

  @Test
  void saysWhatIsMissingForCuda() {
    ModelOptions cuda =
        new ModelOptions("cuda:100", 0, OptionalInt.empty(), Precision.AUTO, WideCopies.AUTO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VideoModel.load(TestData.randomCheckpoint(), cuda))
        .withMessageStartingWith("device is cuda:100, but ")
        .withMessageNotContaining("TorchScript");
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

  /** As PyTorch 2.7.1 puts it without CUDA, without a GPU and with too few of them. */
  @Test
  void saysWhyADeviceIsOutOfReach() {
    String trace = "Traceback of TorchScript (most recent call last):\nRuntimeError: ";
    assertThat(
            TorchEngine.deviceReason(
                trace
                    + "Could not run 'aten::empty.memory_format' with arguments from the 'CUDA' backend. This could be\nCPU: registered"))
        .startsWith("this PyTorch library has no CUDA: set PYTORCH_LIBRARY_PATH");
    assertThat(TorchEngine.deviceReason(trace + "No CUDA GPUs are available\n"))
        .isEqualTo(
            "PyTorch says: No CUDA GPUs are available: check nvidia-smi and CUDA_VISIBLE_DEVICES");
    assertThat(
            TorchEngine.deviceReason(
                trace + "CUDA error: invalid device ordinal\nCUDA kernel errors might be"))
        .startsWith("PyTorch says: CUDA error: invalid device ordinal: check");
    assertThat(TorchEngine.deviceReason("closed")).startsWith("PyTorch says: closed:");
  }

  @Test
  void saysWhatKeepsLibrariesFromLoading() {
    String reason = "cannot open shared object file: No such file or directory";
    assertThat(TorchEngine.linkReason("/torch/libcaffe2_nvrtc.so: libcuda.so.1: " + reason))
        .startsWith("PyTorch cannot be loaded: /torch/libcaffe2_nvrtc.so: libcuda.so.1")
        .contains("NVIDIA's driver");
    assertThat(TorchEngine.linkReason("/torch/libtorch_cuda.so: libcudnn.so.9: " + reason))
        .isEqualTo("PyTorch cannot be loaded: /torch/libtorch_cuda.so: libcudnn.so.9: " + reason);
  }
}
