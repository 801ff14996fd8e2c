/**
 * Settings, limits and counters of the router, which alone opens and closes questions and alone
 * writes {@code answers}.
 *
 * <p>The lowest floor of the module; {@code streams.QuestionRouter} runs the application.
 */
package io.saccade.router;
