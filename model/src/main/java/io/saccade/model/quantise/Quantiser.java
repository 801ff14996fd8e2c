package io.saccade.model.quantise;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorType;
import io.saccade.model.weights.CheckpointProgress;
import io.saccade.model.weights.CheckpointWriter;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.StagedFolder;
import io.saccade.model.weights.StoredWeight;
import io.saccade.model.weights.WeightFiles;
import io.saccade.model.weights.WeightFilesWriter;
import io.saccade.model.weights.WrittenWeight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes a quantised copy of a checkpoint folder. */
public final class Quantiser {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private final Path model;
  private final QuantisationOptions options;
  private final boolean othersInBf16;

  /**
   * Prepares the work.
   *
   * @param model the folder of a checkpoint that is not quantised
   * @param options which weights are quantised, and how
   * @param othersInBf16 whether all other tensors become BF16; else they keep their type
   */
  public Quantiser(Path model, QuantisationOptions options, boolean othersInBf16) {
    this.model = model;
    this.options = options;
    this.othersInBf16 = othersInBf16;
  }

  /**
   * Writes the copy, with no regard to its accuracy.
   *
   * @see #write(Path, AccuracyFloor, CheckpointProgress)
   */
  public QuantisationReport write(Path output, CheckpointProgress progress) {
    return write(output, AccuracyFloor.none(), progress);
  }

  /**
   * Writes the copy, some of its weights in larger forms if the floor needs them. Files that hold
   * no weights are copied as they are, but for {@code config.json}, which gets a {@code
   * quantization_config}. Tensors that the model does not need are left out.
   *
   * @param output the folder to be made, absent or empty now; it appears only when it is whole
   * @throws CheckpointException if the checkpoint cannot be used, the copy cannot be written or the
   *     floor not be reached
   */
  public QuantisationReport write(Path output, AccuracyFloor floor, CheckpointProgress progress) {
    Checkpoint checkpoint = Checkpoint.open(model);
    checkpoint
        .quantisation()
        .ifPresent(
            form -> {
              throw new CheckpointException(
                  "%s is quantised already, to %s: quantise the original".formatted(model, form));
            });
    List<NewWeight> plain = checkpoint.weights().stream().map(this::plain).toList();
    List<NewWeight> smallest = plain.stream().map(weight -> weight.quantised(options)).toList();
    Function<List<NewWeight>, QuantisedCopy> writer =
        weights -> copy(checkpoint, weights, output, progress);
    if (floor.cosine() == 0 || smallest.equals(plain)) {
      try (QuantisedCopy copy = writer.apply(smallest)) {
        copy.folder().commit();
        return QuantisationReport.of(
            checkpoint, copy.weights(), QuantisationMix.of(0, 0, smallest, null));
      }
    }
    try (FloorSearch search = new FloorSearch(checkpoint, plain, options, floor, writer)) {
      FloorSearch.Found found = search.find();
      found.copy().folder().commit();
      return QuantisationReport.of(checkpoint, found.copy().weights(), found.mix());
    }
  }

  private QuantisedCopy copy(
      Checkpoint checkpoint, List<NewWeight> weights, Path output, CheckpointProgress progress) {
    long bytes = weights.stream().mapToLong(NewWeight::bytes).sum();
    StagedFolder folder = new StagedFolder(output, bytes);
    try (CheckpointRows rows = new CheckpointRows(checkpoint.weights())) {
      copyOtherFiles(folder.path());
      Files.writeString(folder.path().resolve(Architectures.FILE), GSON.toJson(config()) + "\n");
      List<WrittenWeight> written =
          new CheckpointWriter(rows, true)
              .write(folder.path(), weights, WeightFilesWriter.SHARD_BYTES, progress);
      return new QuantisedCopy(folder, written);
    } catch (IOException e) {
      folder.close();
      throw CheckpointException.unwritable(output, e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private NewWeight plain(StoredWeight weight) {
    TensorEntry entry = weight.values().entry();
    return NewWeight.plain(
        weight.spec(), entry.name(), othersInBf16 ? TensorType.BF16 : entry.type());
  }

  private void copyOtherFiles(Path to) throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(Architectures.FILE) && !WeightFiles.holdsWeights(name)) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }

  private JsonObject config() throws IOException {
    String text = Files.readString(model.resolve(Architectures.FILE));
    JsonObject config = JsonParser.parseString(text).getAsJsonObject();
    config.add(ModelDescription.QUANTISATION_KEY, options.toJson());
    if (othersInBf16) {
      config.addProperty("torch_dtype", "bfloat16");
    }
    return config;
  }
}
