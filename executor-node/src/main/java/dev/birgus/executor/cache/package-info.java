/**
 * Directories a node keeps for cache mounts, from build to build.
 *
 * <p>Who may use one at the same time as others is decided here, between threads and processes.
 */
@NullMarked
package dev.birgus.executor.cache;

import org.jspecify.annotations.NullMarked;
