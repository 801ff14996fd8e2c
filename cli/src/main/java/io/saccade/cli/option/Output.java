package io.saccade.cli.option;

import com.google.protobuf.MessageOrBuilder;
import io.saccade.proto.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option {@code --json}, and how results are printed: as text or as JSON lines. */
public final class Output {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      description = "Print JSON only, one object a line (records in protobuf's JSON mapping).")
  private boolean json;

  /** Whether results are printed as JSON. */
  public boolean json() {
    return json;
  }

  /**
   * Prints a record of the contract.
   *
   * @param message printed as JSON with {@code --json}
   * @param line printed without it
   */
  public void print(MessageOrBuilder message, String line) {
    print(json ? Json.line(message) : line);
  }

  /** Prints text, without a line end. */
  public void printPart(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** Prints a line. */
  public void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
