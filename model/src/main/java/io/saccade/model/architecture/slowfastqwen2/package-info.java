/**
 * Slow-Fast Video MLLM ({@code llava_qwen_slow_fast}): the only package that knows its config keys,
 * tensors, prompt words and towers.
 *
 * <p>It uses {@link io.saccade.model.architecture} and its towers; nothing uses it, it is found by
 * {@link java.util.ServiceLoader}.
 */
package io.saccade.model.architecture.slowfastqwen2;
