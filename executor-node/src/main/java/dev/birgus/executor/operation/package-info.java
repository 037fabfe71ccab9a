/**
 * What each operation of a plan does to a root file system, one class each.
 *
 * <p>An operation knows nothing of layers: what it changed is found by whoever ran it.
 */
@NullMarked
package dev.birgus.executor.operation;

import org.jspecify.annotations.NullMarked;
