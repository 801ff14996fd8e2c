package io.saccade.cli.option;

import io.saccade.bus.ConfigException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The names that a properties file may set: the long options of all commands.
 *
 * @param names without dashes, e.g. {@code topic-prefix}
 */
record OptionNames(Set<String> names) {

  /** Options that cannot be settings, since they are about one call of a command. */
  private static final Set<String> NO_SETTING = Set.of("help", "version", "config", "kafka");

  private static final String KAFKA = "kafka.";

  /** The names of the options of a command and of all its subcommands. */
  static OptionNames of(CommandLine line) {
    Set<String> names = new TreeSet<>();
    collect(line, names);
    names.removeAll(NO_SETTING);
    return new OptionNames(names);
  }

  /** The name of an option in the properties file: its longest name without dashes. */
  static String settingOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /**
   * Checks the keys of a properties file.
   *
   * @throws ConfigException if some are unknown; it names each with the nearest known one
   */
  void requireKnown(String file, Collection<String> keys) {
    List<String> problems = new ArrayList<>();
    for (String key : keys) {
      if (!names.contains(key) && !(key.startsWith(KAFKA) && key.length() > KAFKA.length())) {
        problems.add(key + ": no such setting; did you mean " + nearest(key) + "?");
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems);
    }
  }

  private String nearest(String key) {
    return names.stream().min(Comparator.comparingInt(name -> distance(name, key))).orElseThrow();
  }

  /**
   * The Levenshtein distance, the fewest insertions, deletions and replacements that change one
   * text to the other, computed row by row (Wagner and Fischer, 1974).
   */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static void collect(CommandLine line, Set<String> names) {
    line.getCommandSpec().options().forEach(option -> names.add(settingOf(option)));
    line.getSubcommands().values().forEach(command -> collect(command, names));
  }
}
