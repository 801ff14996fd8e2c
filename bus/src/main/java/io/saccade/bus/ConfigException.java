package io.saccade.bus;

import java.util.List;

/** A component's configuration is unusable; a user's mistake, shown without a stack trace. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Lists all problems, separated by semicolons. */
  public ConfigException(String component, List<String> problems) {
    super(component + ": " + String.join("; ", problems));
  }
}
