package io.saccade.model.weights;

import io.saccade.model.config.TensorEntry;
import java.nio.file.Path;

/**
 * Where a tensor lies on disk.
 *
 * @param file the safetensors file
 * @param offset its first byte, from the start of the file
 * @param entry its name, type and shape
 */
public record StoredTensor(Path file, long offset, TensorEntry entry) {}
