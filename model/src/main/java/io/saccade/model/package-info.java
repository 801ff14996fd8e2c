/**
 * Video language models: from a Hugging Face checkpoint folder to answers, on DJL's PyTorch engine.
 *
 * <p>{@link io.saccade.model.VideoModel} is the way in: load a folder, {@code encode} the frames of
 * a clip once, {@code generate} an answer for each question on it. What a folder holds is read by
 * its {@link io.saccade.model.architecture.Architecture}. The network itself is one TorchScript
 * module, put together by {@link io.saccade.model.graph.ModuleSource} from the files of its parts
 * and called once per stage and once per generated token.
 *
 * <p>Nothing here knows of Kafka, of video files or of the command line.
 */
package io.saccade.model;
