package io.saccade.model.quantise;

import io.saccade.model.weights.StagedFolder;
import io.saccade.model.weights.WrittenWeight;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/**
 * A quantised copy of a checkpoint that is not yet in its place.
 *
 * @param folder where it is; closing this removes it, unless it was committed
 * @param weights what became of each weight
 */
record QuantisedCopy(StagedFolder folder, List<WrittenWeight> weights) implements Closeable {

  Path path() {
    return folder.path();
  }

  @Override
  public void close() {
    folder.close();
  }
}
