/**
 * Blobs and manifests go to registries: blobs side by side, the tag last.
 *
 * <p>A tag is moved only when everything it leads to is there.
 */
@NullMarked
package dev.birgus.pusher.upload;

import org.jspecify.annotations.NullMarked;
