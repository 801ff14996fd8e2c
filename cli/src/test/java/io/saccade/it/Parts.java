package io.saccade.it;

import io.saccade.bus.Role;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test has opened; closed after it, the last first, all of it even when one close fails. */
final class Parts implements AfterEachCallback {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Closes this after the test. */
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Starts a role, which is closed after the test. */
  <R extends Role> R start(R role) {
    add(role).start();
    return role;
  }

  /** Starts a main class in a process of its own, which is killed after the test. */
  RoleProcess process(String name, Class<?> main, String... args) throws IOException {
    return add(RoleProcess.start(name, main, args));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    Exception first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
