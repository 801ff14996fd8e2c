/**
 * The arbiter: a Kafka Streams application ({@code exactly_once_v2}) that alone opens and closes
 * questions and alone writes {@code answers}. {@link io.saccade.router.QuestionRouter} runs it,
 * {@link io.saccade.router.RouterTopology} wires it, {@code Arbiter} holds the rules.
 */
package io.saccade.router;
