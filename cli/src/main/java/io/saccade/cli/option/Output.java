package io.saccade.cli.option;

import com.google.protobuf.MessageOrBuilder;
import io.saccade.proto.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Prints results, for people or as JSON lines. */
public final class Output {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      description =
          "Print JSON and nothing else, one object a line (records in protobuf's JSON mapping).")
  private boolean json;

  /** Whether JSON was asked for. */
  public boolean json() {
    return json;
  }

  /** Prints a record: as JSON if asked for, else as the line for people. */
  public void print(MessageOrBuilder message, String line) {
    print(json ? Json.line(message) : line);
  }

  /** Prints text as it is, without a line end. */
  public void printPart(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** Prints a line as it is. */
  public void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
