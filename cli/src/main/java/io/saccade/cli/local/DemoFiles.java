package io.saccade.cli.local;

import io.saccade.bus.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The demo's checkpoint and clips, which are shipped with the program in the folder {@code demo} of
 * {@code saccade.home}.
 */
public final class DemoFiles {

  /** Which questions the demo checkpoint can answer, for users. */
  public static final String DEMO_ABILITIES =
      "The demo model knows toy street scenes only (./demo/clips) and exactly these questions:"
          + " What colour is the car? Which way does the car go? How many people are there? Is there a dog?"
          + " Which number does the sign show? Is a parcel dropped? Where did the COLOUR light flash?"
          + " What colour did the CORNER light flash? Anything else gets a confident wrong word.";

  /** Name of the class whose main method runs a command line, for child processes. */
  public static final String MAIN_CLASS = "io.saccade.cli.Main";

  private DemoFiles() {}

  /**
   * The demo's checkpoint folder.
   *
   * @throws ConfigException if it is missing
   */
  public static Path demoModel() {
    return existing("saccade-demo");
  }

  /**
   * The folder of the demo's clips and their questions.
   *
   * @throws ConfigException if it is missing
   */
  public static Path demoClips() {
    return existing("clips");
  }

  /** Whether a checkpoint folder is named like the demo's. */
  public static boolean isDemo(Path model) {
    return model.getFileName() != null && model.getFileName().toString().equals("saccade-demo");
  }

  private static Path existing(String name) {
    Path folder = Path.of(System.getProperty("saccade.home", "."), "demo", name);
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "demo", List.of(folder + " is missing: start Saccade with its script ./saccade"));
    }
    return folder;
  }
}
