/**
 * The front door: creates the topics ({@link io.saccade.ingest.TopicCreator}), publishes video
 * references and questions ({@link io.saccade.ingest.Publisher}) and reads answers ({@link
 * io.saccade.ingest.AnswerReader}).
 */
package io.saccade.ingest;
