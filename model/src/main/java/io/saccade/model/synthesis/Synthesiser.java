package io.saccade.model.synthesis;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.config.TensorType;
import io.saccade.model.text.TextTokenizer;
import io.saccade.model.weights.CheckpointProgress;
import io.saccade.model.weights.CheckpointWriter;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.StagedFolder;
import io.saccade.model.weights.WeightFilesWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes checkpoint folders of random weights, whole enough to be served: for rehearsals and
 * benchmarks at sizes whose real weights are not at hand. Their answers are gibberish.
 */
public final class Synthesiser {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private final SynthesisOptions options;

  /** Prepares the making of a checkpoint. */
  public Synthesiser(SynthesisOptions options) {
    this.options = options;
  }

  /**
   * Writes the folder: {@code config.json} in the released form, {@code generation_config.json},
   * {@code tokenizer.json} and the weights.
   *
   * @param output the folder to be made, absent or empty now; it appears only when it is whole
   * @return bytes of the weights
   * @throws CheckpointException if the shapes cannot be used or the folder cannot be written
   */
  public long write(Path output, CheckpointProgress progress) {
    SyntheticConfig shape = SyntheticConfig.like(options.like());
    ModelDescription model =
        Architectures.read(JsonConfig.of(Path.of(options.like()), shape.json()));
    SyntheticTokenizer tokenizer =
        new SyntheticTokenizer(model.decoder().vocabulary(), model.prompt());
    List<NewWeight> weights = model.tensors().stream().map(this::plan).toList();
    long bytes = weights.stream().mapToLong(NewWeight::bytes).sum();
    try (StagedFolder folder = new StagedFolder(output, bytes)) {
      write(folder.path().resolve(Architectures.FILE), config(shape, output));
      write(folder.path().resolve(GenerationConfig.FILE), generationConfig(tokenizer));
      write(folder.path().resolve(TextTokenizer.FILE), tokenizer.toJson());
      RandomRows rows = new RandomRows(options.seed(), model.decoder().layers());
      var unused =
          new CheckpointWriter(rows, false)
              .write(folder.path(), weights, WeightFilesWriter.SHARD_BYTES, progress);
      folder.commit();
      return bytes;
    } catch (IOException e) {
      throw CheckpointException.unwritable(output, e);
    }
  }

  private NewWeight plan(TensorSpec spec) {
    NewWeight plain = NewWeight.plain(spec, spec.storedName(), options.plainType());
    return options.quantisation().map(plain::quantised).orElse(plain);
  }

  /** The shape's, with the types, and the frames where the folder's name does not tell them. */
  private JsonObject config(SyntheticConfig shape, Path output) {
    JsonObject json = shape.json().deepCopy();
    json.addProperty("torch_dtype", options.plainType() == TensorType.F32 ? "float32" : "bfloat16");
    options
        .quantisation()
        .ifPresent(quantised -> json.add(ModelDescription.QUANTISATION_KEY, quantised.toJson()));
    if (Checkpoint.frames(output) != shape.frames()) {
      json.addProperty(ModelDescription.FRAMES_KEY, shape.frames());
    }
    return json;
  }

  private static JsonObject generationConfig(SyntheticTokenizer tokenizer) {
    JsonArray ends = new JsonArray();
    ends.add(tokenizer.answerEnd());
    ends.add(tokenizer.endOfText());
    JsonObject json = new JsonObject();
    json.addProperty("bos_token_id", tokenizer.endOfText());
    json.add("eos_token_id", ends);
    json.addProperty("pad_token_id", tokenizer.endOfText());
    return json;
  }

  private static void write(Path file, JsonObject json) throws IOException {
    Files.writeString(file, GSON.toJson(json) + "\n");
  }
}
