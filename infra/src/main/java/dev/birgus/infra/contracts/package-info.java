/**
 * What the services say to each other: the plan, the events, the topics and the keys of work.
 *
 * <p>Pure: services never import one another, so whatever two of them need to agree on is a value
 * in this room.
 */
@NullMarked
package dev.birgus.infra.contracts;

import org.jspecify.annotations.NullMarked;
