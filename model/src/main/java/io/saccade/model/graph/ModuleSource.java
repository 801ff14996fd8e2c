package io.saccade.model.graph;

import ai.djl.ndarray.NDManager;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.architecture.ScriptFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source of a TorchScript module, put together from files of one idea each: those that every
 * model has, and those of its tower and its projector. A file has named tuples before the line
 * {@code class Model(Module):}, attributes and methods of the one class after it.
 *
 * @param types named tuples of all files
 * @param body attributes and methods of the class
 */
public record ModuleSource(String types, String body) {
  private static final String CLASS = "Model";
  private static final String CLASS_LINE = "class " + CLASS + "(Module):\n";
  private static final List<String> COMMON =
      List.of(
          "linear",
          "quantised",
          "attention",
          "cross_attention",
          "decoder",
          "cache",
          "visual_tokens",
          "prompt",
          "step");

  /** An attribute that holds a collection. */
  private static final Pattern COLLECTION = Pattern.compile("(?m)^  (\\w+) : (List|Dict)\\[");

  /** The source that runs a model. */
  public static ModuleSource of(ModelDescription model) {
    ModuleSource source = new ModuleSource("", "").with(common("module"));
    List<ScriptFile> files = new ArrayList<>(COMMON.stream().map(ModuleSource::common).toList());
    files.addAll(model.scripts());
    for (ScriptFile file : files) {
      source = source.with(file);
    }
    return source;
  }

  private static ScriptFile common(String name) {
    return new ScriptFile(ModuleSource.class, name + ".torchscript");
  }

  /** This source and one more file. */
  public ModuleSource with(ScriptFile file) {
    return with(file.text(), file.name());
  }

  private ModuleSource with(String text, String name) {
    int line = text.indexOf(CLASS_LINE);
    if (line < 0) {
      throw new IllegalStateException(name + " has no line " + CLASS_LINE.strip());
    }
    return new ModuleSource(
        types + text.substring(0, line), body + text.substring(line + CLASS_LINE.length()));
  }

  /** This source with its methods changed, for tests. */
  public ModuleSource changed(UnaryOperator<String> change) {
    return new ModuleSource(types, change.apply(body));
  }

  /** The whole text. */
  String text() {
    return types + CLASS_LINE + body;
  }

  /**
   * Loads the module.
   *
   * @param attributes values of the attributes that are declared; collections without one are empty
   */
  TorchModule load(NDManager manager, Map<String, Object> attributes) {
    Map<String, Object> values = new LinkedHashMap<>(attributes);
    Matcher collection = COLLECTION.matcher(body);
    while (collection.find()) {
      values.putIfAbsent(
          collection.group(1), collection.group(2).equals("List") ? List.of() : Map.of());
    }
    return new TorchModule(manager, CLASS, text(), values);
  }
}
