/**
 * Content-addressed bytes and build contexts, wherever they are kept.
 *
 * <p>Bytes are verified while they stream and never held in memory whole.
 */
@NullMarked
package dev.birgus.infra.blobs;

import org.jspecify.annotations.NullMarked;
