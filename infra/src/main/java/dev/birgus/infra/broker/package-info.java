/**
 * A Kafka broker of our own, for a server that is given no cluster.
 *
 * <p>It is only loaded by servers: what it is made of is not beside the command line's own classes.
 */
@NullMarked
package dev.birgus.infra.broker;

import org.jspecify.annotations.NullMarked;
