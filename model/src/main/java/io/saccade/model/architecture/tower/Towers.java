package io.saccade.model.architecture.tower;

import io.saccade.model.architecture.ScriptFile;
import java.util.List;

/** What all towers of this package share. */
final class Towers {
  private Towers() {}

  /** The files of a tower: what all share and its own. */
  static List<ScriptFile> scripts(String own) {
    return List.of(
        new ScriptFile(Towers.class, "tower.torchscript"), new ScriptFile(Towers.class, own));
  }
}
