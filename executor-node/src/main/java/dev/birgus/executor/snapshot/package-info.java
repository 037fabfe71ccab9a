/**
 * What changed between two states of a tree.
 *
 * <p>Pure: entries in, changes out.
 */
@NullMarked
package dev.birgus.executor.snapshot;

import org.jspecify.annotations.NullMarked;
