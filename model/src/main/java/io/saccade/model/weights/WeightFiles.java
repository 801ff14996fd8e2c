package io.saccade.model.weights;

import com.google.gson.JsonElement;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorEntry;
import io.saccade.model.config.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of a checkpoint folder: one safetensors file, or several with an index that names
 * each tensor's.
 */
public final class WeightFiles {
  public static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final int MAX_INDEX_BYTES = 16 << 20;
  private static final String PICKLED =
      "%s holds pickled weights (%s), which can run code when read and are refused. Convert them where"
          + " you trust them, in Python: model = AutoModelForCausalLM.from_pretrained(DIR) of the"
          + " model's own code, then model.save_pretrained(NEW_DIR, safe_serialization=True); then"
          + " copy config.json, generation_config.json and tokenizer.json into NEW_DIR";

  private final Path folder;
  private final Map<String, SafetensorsFile> fileOfTensor;

  private WeightFiles(Path folder, Map<String, SafetensorsFile> fileOfTensor) {
    this.folder = folder;
    this.fileOfTensor = fileOfTensor;
  }

  /**
   * Reads the headers of a folder's weights.
   *
   * @throws CheckpointException if there are none, or a file or the index is broken
   */
  public static WeightFiles open(Path folder) {
    if (Files.exists(folder.resolve(SINGLE))) {
      SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE));
      Map<String, SafetensorsFile> files = new LinkedHashMap<>();
      file.entries().keySet().forEach(name -> files.put(name, file));
      return new WeightFiles(folder, files);
    }
    if (Files.exists(folder.resolve(INDEX))) {
      return new WeightFiles(folder, readShards(folder));
    }
    throw new CheckpointException(missing(folder));
  }

  private static Map<String, SafetensorsFile> readShards(Path folder) {
    JsonConfig index = JsonConfig.read(folder.resolve(INDEX), MAX_INDEX_BYTES);
    Map<String, SafetensorsFile> shards = new TreeMap<>();
    Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> item : index.object("weight_map").entries()) {
      String shard = shardName(folder, item);
      SafetensorsFile file =
          shards.computeIfAbsent(shard, name -> SafetensorsFile.open(folder.resolve(name)));
      if (!file.entries().containsKey(item.getKey())) {
        throw new CheckpointException(
            "%s says that tensor %s is in %s, where it is not"
                .formatted(folder.resolve(INDEX), item.getKey(), shard));
      }
      files.put(item.getKey(), file);
    }
    refuseDuplicates(shards.values());
    return files;
  }

  private static void refuseDuplicates(Collection<SafetensorsFile> shards) {
    Map<String, SafetensorsFile> first = new HashMap<>();
    for (SafetensorsFile shard : shards) {
      for (String name : shard.entries().keySet()) {
        SafetensorsFile other = first.putIfAbsent(name, shard);
        if (other != null) {
          throw new CheckpointException(
              "%s: tensor %s is in %s too, and a tensor may be in one shard only"
                  .formatted(shard.file(), name, other.file().getFileName()));
        }
      }
    }
  }

  private static String shardName(Path folder, Map.Entry<String, JsonElement> item) {
    String name = item.getValue().isJsonPrimitive() ? item.getValue().getAsString() : "";
    if (!name.endsWith(".safetensors")
        || name.contains("/")
        || name.contains("\\")
        || name.indexOf('\0') >= 0) {
      throw new CheckpointException(
          "%s names %s as the file of tensor %s: a .safetensors file of the same folder is needed"
              .formatted(folder.resolve(INDEX), item.getValue(), item.getKey()));
    }
    return name;
  }

  private static String missing(Path folder) {
    try (DirectoryStream<Path> pickled = Files.newDirectoryStream(folder, "*.{bin,pt,pth}")) {
      for (Path file : pickled) {
        return PICKLED.formatted(folder, file.getFileName());
      }
    } catch (IOException e) {
      throw CheckpointException.unreadable(folder, e);
    }
    return "%s holds neither %s nor %s".formatted(folder, SINGLE, INDEX);
  }

  /** Where a tensor lies, if the files have it. */
  public Optional<StoredTensor> find(String name) {
    return Optional.ofNullable(fileOfTensor.get(name)).map(file -> file.stored(name));
  }

  /** Whether a file of this name holds weights, of any kind, or their index. */
  public static boolean holdsWeights(String name) {
    return name.matches(".*\\.(safetensors|bin|pt|pth)(\\.index\\.json)?");
  }

  /** The names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(fileOfTensor.keySet());
  }

  /** Maps the bytes of a tensor that the files have. */
  ByteBuffer map(TensorEntry entry) {
    return fileOfTensor.get(entry.name()).map(entry);
  }

  /**
   * Finds every tensor that a model needs, each under the first of its names that the files have.
   *
   * @return the tensors in the order asked for
   * @throws CheckpointException that lists every tensor missing, misshapen or of a type that is no
   *     weight's
   */
  public List<StoredWeight> require(List<TensorSpec> specs) {
    List<StoredWeight> found = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (TensorSpec spec : specs) {
      Optional<StoredTensor> values =
          spec.storedNames().stream().flatMap(name -> find(name).stream()).findFirst();
      Optional<StoredTensor> scale = values.flatMap(stored -> scale(spec, stored.entry()));
      Optional<String> problem =
          values
              .map(stored -> spec.problem(stored.entry(), scale.map(StoredTensor::entry)))
              .orElseGet(() -> Optional.of(spec.missing()));
      problem.ifPresentOrElse(
          problems::add, () -> found.add(new StoredWeight(spec, values.orElseThrow(), scale)));
    }
    if (!problems.isEmpty()) {
      throw CheckpointException.of(folder, problems);
    }
    return found;
  }

  private Optional<StoredTensor> scale(TensorSpec spec, TensorEntry values) {
    return spec.quantisation(values)
        .flatMap(form -> find(values.name() + Quantisation.SCALE_SUFFIX));
  }
}
