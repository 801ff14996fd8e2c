package io.saccade.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
   * Writes the copy. Files that hold no weights are copied as they are, but for {@code
   * config.json}, which gets a {@code quantization_config}. Tensors that the model does not need
   * are left out.
   *
   * @param output the folder to be made, absent or empty now; it appears only when it is whole
   * @throws CheckpointException if the checkpoint cannot be used or the copy cannot be written
   */
  public QuantisationReport write(Path output, CheckpointProgress progress) {
    Checkpoint checkpoint = Checkpoint.open(model);
    checkpoint
        .quantisation()
        .ifPresent(
            form -> {
              throw new CheckpointException(
                  "%s is quantised already, to %s: quantise the original".formatted(model, form));
            });
    List<NewWeight> weights = checkpoint.weights().stream().map(this::plan).toList();
    long bytes = weights.stream().mapToLong(NewWeight::bytes).sum();
    try (StagedFolder folder = new StagedFolder(output, bytes);
        CheckpointRows rows = new CheckpointRows(checkpoint.weights())) {
      copyOtherFiles(folder.path());
      Files.writeString(folder.path().resolve(ModelConfig.FILE), GSON.toJson(config()) + "\n");
      List<WrittenWeight> written =
          new CheckpointWriter(rows, true)
              .write(folder.path(), weights, WeightFilesWriter.SHARD_BYTES, progress);
      folder.commit();
      return QuantisationReport.of(checkpoint, written);
    } catch (IOException e) {
      throw CheckpointException.unwritable(output, e);
    }
  }

  private NewWeight plan(StoredWeight weight) {
    TensorEntry entry = weight.values().entry();
    NewWeight plain =
        NewWeight.plain(weight.spec(), entry.name(), othersInBf16 ? TensorType.BF16 : entry.type());
    return plain.quantised(options);
  }

  private void copyOtherFiles(Path to) throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(ModelConfig.FILE) && !WeightFiles.holdsWeights(name)) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }

  private JsonObject config() throws IOException {
    String text = Files.readString(model.resolve(ModelConfig.FILE));
    JsonObject config = JsonParser.parseString(text).getAsJsonObject();
    config.add("quantization_config", options.toJson());
    if (othersInBf16) {
      config.addProperty("torch_dtype", "bfloat16");
    }
    return config;
  }
}
