package io.saccade.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** Starts the PyTorch engine once per process and checks that it has the device asked for. */
final class TorchEngine {
  private static final String ENGINE = "PyTorch";

  private TorchEngine() {}

  /**
   * Returns a new memory scope on the host, starting the engine if need be.
   *
   * @throws IllegalArgumentException if the device asked for is not there
   */
  static NDManager newManager(ModelOptions options) {
    goOffline();
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
      throw new IllegalArgumentException(
          "device is %s, but this PyTorch library has no CUDA: set PYTORCH_LIBRARY_PATH to the lib folder of a torch 2.7.1 cu128 installation"
              .formatted(device));
    }
    int index =
        device.contains(":") ? Integer.parseInt(device.substring(device.indexOf(':') + 1)) : 0;
    int count = manager.getEngine().getGpuCount();
    if (index >= count) {
      throw new IllegalArgumentException(
          "device is %s, but the machine shows %d GPUs: check nvidia-smi and CUDA_VISIBLE_DEVICES"
              .formatted(device, count));
    }
  }
}
