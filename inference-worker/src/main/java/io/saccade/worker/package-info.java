/**
 * Inference requests to results: {@link io.saccade.worker.InferenceWorker} reads a clip's frames
 * from the log, keeps what the model saw of recent clips, and answers.
 */
package io.saccade.worker;
