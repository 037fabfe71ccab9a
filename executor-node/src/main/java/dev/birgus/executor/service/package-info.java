/**
 * The executor node on the bus: it takes stages that are ready and reports what they came to.
 *
 * <p>It owns the node's folders and releases everything in them when it stops.
 */
@NullMarked
package dev.birgus.executor.service;

import org.jspecify.annotations.NullMarked;
