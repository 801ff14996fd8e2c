package io.saccade.model.architecture;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import java.util.List;

/**
 * A family of checkpoints: how its {@code config.json} is recognised and read. Everything that only
 * this family has lies behind this interface: keys of the config, names of tensors, words of the
 * prompt, the arrangement of visual tokens, and which tower and decoder it has.
 *
 * <p>An architecture is found by {@link java.util.ServiceLoader}: a public class with a constructor
 * without parameters, named in {@code META-INF/services/io.saccade.model.architecture.Architecture}
 * of its jar.
 */
public interface Architecture {

  /** The values of {@code model_type} that its checkpoints have. */
  List<String> modelTypes();

  /**
   * Whether a config is one of its checkpoints'. By default that is a question of {@code
   * model_type} alone.
   */
  default boolean recognises(JsonConfig config) {
    return config.optionalText(Architectures.MODEL_TYPE).map(modelTypes()::contains).orElse(false);
  }

  /**
   * Reads a config that it recognises.
   *
   * @throws CheckpointException if it describes no model that can be run
   */
  ModelDescription read(JsonConfig config);

  /** The shapes in which random checkpoints can be asked for by name; by default none. */
  default List<SampleConfig> sampleConfigs() {
    return List.of();
  }
}
