package io.saccade.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts the PyTorch engine once per process and checks that it has the device asked for. */
final class TorchEngine {
  private static final String ENGINE = "PyTorch";
  private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
  private static final String LIBRARIES =
      "set PYTORCH_LIBRARY_PATH to the lib folder of a torch 2.7.1 cu128 installation";
  private static final List<String> CUDA_LIBRARIES =
      List.of("libtorch.so", "libtorch_cuda.so", "libc10_cuda.so");

  private TorchEngine() {}

  /**
   * Returns a new memory scope on the host, starting the engine if need be.
   *
   * @throws IllegalArgumentException if the device asked for is not there
   */
  static NDManager newManager(ModelOptions options) {
    goOffline();
    requireLibraries(options.device(), System.getenv(LIBRARY_PATH));
    NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE);
    try {
      requireDevice(options.device(), manager);
      if (options.threads() > 0) {
        JniUtils.setNumThreads(options.threads());
      }
      return manager;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * DJL asks for nothing over the network, neither libraries nor statistics, unless the user has
   * said otherwise.
   */
  private static void goOffline() {
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  private static void requireDevice(String device, NDManager manager) {
    if (device.equals("cpu")) {
      return;
    }
    if (!JniUtils.getFeatures().contains("CUDA")) {
      throw missing(device, "this PyTorch library has no CUDA: " + LIBRARIES);
    }
    int index =
        device.contains(":") ? Integer.parseInt(device.substring(device.indexOf(':') + 1)) : 0;
    int count = manager.getEngine().getGpuCount();
    if (index >= count) {
      throw missing(
          device,
          "the machine shows %d GPUs: check nvidia-smi and CUDA_VISIBLE_DEVICES".formatted(count));
    }
  }

  /**
   * Checks what a CUDA device needs before the engine is started with it, so that what is missing
   * is named instead of a symbol that some library does not find.
   *
   * @param libraryPath the value of PYTORCH_LIBRARY_PATH, null where there is none
   */
  static void requireLibraries(String device, String libraryPath) {
    if (device.equals("cpu") || libraryPath == null) {
      return; // without the path DJL may have found its own
    }
    Path folder = Path.of(libraryPath);
    List<String> absent =
        CUDA_LIBRARIES.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
    if (!absent.isEmpty()) {
      throw missing(
          device,
          "PYTORCH_LIBRARY_PATH is %s, which has no %s: %s"
              .formatted(folder, String.join(" and no ", absent), LIBRARIES));
    }
  }

  private static IllegalArgumentException missing(String device, String what) {
    return new IllegalArgumentException("device is %s, but %s".formatted(device, what));
  }
}
