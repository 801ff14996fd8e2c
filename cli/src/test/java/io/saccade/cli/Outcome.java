package io.saccade.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * What a command did, run in this process.
 *
 * @param out its standard output
 * @param err its standard error, without the log
 */
public record Outcome(int code, String out, String err) {

  /** Runs a command with an empty environment. */
  public static Outcome of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(args, Map.of(), new PrintWriter(out), new PrintWriter(err));
    return new Outcome(code, out.toString(), err.toString());
  }

  /** The lines of standard output. */
  public List<String> lines() {
    return out.lines().toList();
  }
}
