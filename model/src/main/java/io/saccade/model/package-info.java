/**
 * A slow-fast video language model: from a Hugging Face checkpoint folder to answers, on DJL's
 * PyTorch engine.
 *
 * <p>{@link io.saccade.model.VideoModel} is the way in: load a folder, {@code encode} the frames
 * of a clip once, {@code generate} an answer for each question on it. The network itself is one
 * TorchScript module, written by {@link io.saccade.model.graph.TorchScriptArchive} from the source
 * in {@code slow_fast.torchscript} and called once per stage and once per generated token.
 *
 * <p>Nothing here knows of Kafka, of video files or of the command line.
 */
package io.saccade.model;
