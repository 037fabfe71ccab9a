/**
 * Images become files: a tar, an OCI layout, digest files.
 *
 * <p>A file appears whole or not at all.
 */
@NullMarked
package dev.birgus.pusher.export;

import org.jspecify.annotations.NullMarked;
