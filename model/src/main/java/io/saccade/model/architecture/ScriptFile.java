package io.saccade.model.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A file of TorchScript source among the resources: what one part of a network computes. {@code
 * graph/module.torchscript} says how such files are written and put together.
 *
 * @param owner a class of the package that the file lies in
 * @param name the file's name
 */
public record ScriptFile(Class<?> owner, String name) {

  /**
   * The content.
   *
   * @throws IllegalStateException if there is no such file
   */
  public String text() {
    try (InputStream stream = owner.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(
            "There is no " + name + " in the package of " + owner.getName());
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
