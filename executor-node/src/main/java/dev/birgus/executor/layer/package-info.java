/**
 * Layers: trees become tars and tars become trees.
 *
 * <p>Digests are computed and checked while the bytes stream; nothing is held in memory whole.
 */
@NullMarked
package dev.birgus.executor.layer;

import org.jspecify.annotations.NullMarked;
