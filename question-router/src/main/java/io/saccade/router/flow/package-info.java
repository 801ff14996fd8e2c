/**
 * What happens to a question from its arrival to its answer, and to each window of a feed.
 *
 * <p>It uses the root, rules and state packages and knows Kafka Streams only through the stores.
 */
package io.saccade.router.flow;
