/** A Kafka broker inside this process, for trying things out and for machines without one. */
package io.saccade.broker;
