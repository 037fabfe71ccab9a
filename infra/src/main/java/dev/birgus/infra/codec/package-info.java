/**
 * The records of the contracts as JSON and back, with the JSON schemas that describe them.
 *
 * <p>One process never needs it; what crosses processes (events on Kafka, kept state) goes through
 * it, so that adding a component to a record is all it takes to send one more member.
 */
@NullMarked
package dev.birgus.infra.codec;

import org.jspecify.annotations.NullMarked;
