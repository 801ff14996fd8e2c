package io.saccade.model.graph;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts the PyTorch engine once per process and checks that it has the device asked for. */
public final class TorchEngine {
  private static final String ENGINE = "PyTorch";
  private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
  private static final String FLAVOR = "PYTORCH_FLAVOR";
  private static final String LIBRARIES =
      "set PYTORCH_LIBRARY_PATH to the lib folder of a torch 2.7.1 cu128 installation";
  private static final String TORCH_CUDA = "libtorch_cuda.so";
  private static final List<String> CUDA_LIBRARIES =
      List.of("libtorch.so", TORCH_CUDA, "libc10_cuda.so");

  /** Ends the name of an exception before its message. */
  private static final String ERROR = "Error: ";

  private static final String PROBE =
      """
      class Probe(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool

        def place(self, device: str) -> float:
          return float(torch.zeros([1], dtype=6, device=torch.device(device)))
      """;

  private TorchEngine() {}

  /**
   * Returns a new memory scope on the host, starting the engine if need be.
   *
   * @throws IllegalArgumentException if the device asked for is not there, or the libraries that
   *     the user named do not load
   */
  public static NDManager newManager(ModelOptions options) {
    goOffline();
    String libraryPath = System.getenv(LIBRARY_PATH);
    requireLibraries(options.device(), libraryPath);
    nameFlavor(libraryPath);
    NDManager manager = newHostManager();
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

  /**
   * DJL has a library of its own for each flavor of PyTorch, and for libraries that the user named
   * it guesses a flavor that it does not bring.
   */
  private static void nameFlavor(String libraryPath) {
    if (libraryPath != null && System.getProperty(FLAVOR) == null) {
      boolean cuda = Files.exists(Path.of(libraryPath, TORCH_CUDA));
      System.setProperty(FLAVOR, cuda ? "cu128" : "cpu"); // the environment goes before this
    }
  }

  private static NDManager newHostManager() {
    try {
      return NDManager.newBaseManager(Device.cpu(), ENGINE);
    } catch (EngineException e) {
      if (e.getCause() instanceof UnsatisfiedLinkError error) {
        throw new IllegalArgumentException(linkReason(error.getMessage()), e);
      }
      throw e;
    }
  }

  /**
   * What keeps PyTorch from loading.
   *
   * @param message the loader's words, which name the library that was to be loaded and why not
   */
  static String linkReason(String message) {
    String reason = "PyTorch cannot be loaded: " + message;
    return message.contains("libcuda.so")
        ? reason + ": libcuda.so.1 comes with NVIDIA's driver, and nvidia-smi should work"
        : reason;
  }

  /** Asks PyTorch itself: what others count as GPUs need not be what it can use. */
  private static void requireDevice(String device, NDManager manager) {
    if (device.equals("cpu")) {
      return;
    }
    try (TorchModule probe = new TorchModule(manager, "Probe", PROBE, Map.of("training", false))) {
      probe.run("place", IValue.from(device));
    } catch (ModelMemoryException e) {
      throw missing(device, "it has no memory left: see nvidia-smi");
    } catch (EngineException e) {
      throw missing(device, deviceReason(e.getMessage()));
    }
  }

  /**
   * Why a tensor cannot be put on a CUDA device.
   *
   * @param message PyTorch's words, many lines of which only the last error's first one says why
   */
  static String deviceReason(String message) {
    int error = message.lastIndexOf(ERROR);
    String last = error < 0 ? message : message.substring(error + ERROR.length());
    String words = last.lines().findFirst().orElse("");
    return words.contains("'CUDA' backend")
        ? "this PyTorch library has no CUDA: " + LIBRARIES
        : "PyTorch says: %s: check nvidia-smi and CUDA_VISIBLE_DEVICES".formatted(words);
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
