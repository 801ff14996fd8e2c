package io.saccade.bus;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong with a configuration, so that a user sees it all at once.
 *
 * <pre>{@code
 * new Problems()
 *     .unless(frames > 0, "frames", frames, "must be at least 1")
 *     .throwIfAny("sampler");
 * }</pre>
 */
public final class Problems {

  private final List<String> problems = new ArrayList<>();

  /**
   * Notes a problem unless {@code rule} holds.
   *
   * @param name the setting's name, as a flag or a property has it
   * @param value what it is set to
   * @param sentence the rule it breaks and what to do
   */
  public Problems unless(boolean rule, String name, Object value, String sentence) {
    if (!rule) {
      problems.add(name + "=" + value + ": " + sentence);
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws ConfigException with all problems, if there are any
   */
  public void throwIfAny(String component) {
    if (!problems.isEmpty()) {
      throw new ConfigException(component, problems);
    }
  }
}
