package io.saccade.cli.local;

/** The exit codes of the process. */
public final class ExitCode {

  /** The command did what was asked. */
  public static final int OK = 0;

  /** The command could not do what was asked. */
  public static final int FAILED = 1;

  /** The command line or a setting is wrong; nothing was done. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
