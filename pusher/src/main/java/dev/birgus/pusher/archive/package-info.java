/**
 * Reads images that were saved: docker tars, OCI layouts and tars of them.
 *
 * <p>Their documents are taken as they are, byte for byte, so that an image keeps its digest.
 */
@NullMarked
package dev.birgus.pusher.archive;

import org.jspecify.annotations.NullMarked;
