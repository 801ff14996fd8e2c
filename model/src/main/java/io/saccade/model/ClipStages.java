package io.saccade.model;

import ai.djl.ndarray.NDArray;

/**
 * What a clip, or a chunk of its frames, is at each stage on its way to tokens.
 *
 * @param vision tokens of the tower [T, p, C]
 * @param projected the same in the decoder's width [T, p, E]
 * @param slowTokens after pooling in space [T, n, E]
 */
record ClipStages(NDArray vision, NDArray projected, NDArray slowTokens) {}
