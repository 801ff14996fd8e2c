package io.saccade.model.graph;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * A TorchScript object made from source, its methods called by name, and values to call them with.
 */
final class TorchModule implements AutoCloseable {
  private final PtSymbolBlock block;

  /**
   * Loads an object.
   *
   * @param manager its owner
   * @param className the class that {@code source} defines
   * @param attributes as of {@link TorchScriptArchive}
   */
  TorchModule(NDManager manager, String className, String source, Map<String, Object> attributes) {
    byte[] archive = TorchScriptArchive.of(className, source, attributes);
    try {
      this.block =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail
    }
  }

  /** Calls a method that returns a tensor, which then belongs to {@code owner}. */
  NDArray call(NDManager owner, String method, IValue... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return result.toTensor((PtNDManager) owner);
    }
  }

  /** Calls a method that returns nothing. */
  void run(String method, IValue... arguments) {
    invoke(method, arguments).close();
  }

  /**
   * Calls a method and releases its arguments, which refer to the tensors but do not own them.
   *
   * @return what the caller closes
   * @throws ModelMemoryException if there is no memory for it
   */
  IValue invoke(String method, IValue... arguments) {
    return invoke(false, method, arguments);
  }

  /**
   * The same for a method that is called again and again: TorchScript takes its first two calls, a
   * tenth of a second more each, to learn how to run it with less work between the operators.
   */
  IValue invokeOften(String method, IValue... arguments) {
    return invoke(true, method, arguments);
  }

  private IValue invoke(boolean often, String method, IValue... arguments) {
    try {
      JniUtils.setGraphExecutorOptimize(often); // a setting of the thread
      return IValueUtils.runMethod(block, method, arguments);
    } catch (EngineException e) {
      if (ModelMemoryException.isMeantBy(e.getMessage())) {
        throw new ModelMemoryException("There is no memory left for " + method, e);
      }
      throw e;
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  static IValue tensor(NDArray array) {
    return IValue.from((PtNDArray) array);
  }

  static IValue ids(List<Long> ids) {
    return IValue.listFrom(ids.stream().mapToLong(Long::longValue).toArray());
  }

  static IValue numbers(List<Double> values) {
    return IValue.listFrom(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static IValue number(long value) {
    return IValue.from(value);
  }

  @Override
  public void close() {
    block.close();
  }
}
