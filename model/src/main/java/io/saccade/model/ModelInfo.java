package io.saccade.model;

import io.saccade.model.architecture.FastPathway;
import io.saccade.model.config.ResizeRule;

/**
 * What a caller must know of a loaded model to feed it.
 *
 * @param name the name of the checkpoint's folder
 * @param frames frames that a clip is sampled to: the option, else {@code num_frames} of the
 *     config, else the number after "frame" in the folder's name, else 64
 * @param imageSize side of a frame in pixels
 * @param resizeRule how a source frame becomes that square
 * @param fastPathway which frames feed the fast pathway; all frames feed the slow one
 * @param maxPromptTokens the most tokens of a prompt, its text and the clip's fast tokens together
 * @param defaultMaxNewTokens tokens generated at most where a request does not say
 * @param maxNewTokensLimit the most that a request may ask for
 * @param vocabularySize number of token ids
 * @param parameters number of weights
 */
public record ModelInfo(
    String name,
    int frames,
    int imageSize,
    ResizeRule resizeRule,
    FastPathway fastPathway,
    int maxPromptTokens,
    int defaultMaxNewTokens,
    int maxNewTokensLimit,
    int vocabularySize,
    long parameters) {}
