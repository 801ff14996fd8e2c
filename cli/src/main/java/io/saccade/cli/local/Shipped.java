package io.saccade.cli.local;

import io.saccade.bus.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is shipped beside the program: the demo's checkpoint and clips. */
public final class Shipped {

  /** What the demo checkpoint can be asked. */
  public static final String DEMO_ABILITIES =
      "The demo model knows toy street scenes only (./demo/clips) and exactly these questions:"
          + " What colour is the car? Which way does the car go? How many people are there? Is there a dog?"
          + " Which number does the sign show? Is a parcel dropped? Where did the COLOUR light flash?"
          + " What colour did the CORNER light flash? Anything else gets a confident wrong word.";

  /** The class whose main method runs a command line: what a child process starts. */
  public static final String MAIN_CLASS = "io.saccade.cli.Main";

  private Shipped() {}

  /** The demo's checkpoint folder. */
  public static Path demoModel() {
    return existing("saccade-demo");
  }

  /** The demo's clips and their questions. */
  public static Path demoClips() {
    return existing("clips");
  }

  /** Whether a checkpoint folder is the demo's. */
  public static boolean isDemo(Path model) {
    return model.getFileName() != null && model.getFileName().toString().equals("saccade-demo");
  }

  private static Path existing(String name) {
    Path folder = Path.of(System.getProperty("saccade.home", "."), "demo", name);
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "demo", List.of(folder + " is missing: start Saccade by its script ./saccade"));
    }
    return folder;
  }
}
