package io.saccade.model.architecture;

import com.google.gson.JsonObject;

/**
 * A shape in which a checkpoint with random weights can be made, for rehearsals and benchmarks.
 *
 * @param name what it is asked for by
 * @param json content of {@code config.json}, without the types of the weights
 * @param frames frames of a clip
 */
public record SampleConfig(String name, JsonObject json, int frames) {}
