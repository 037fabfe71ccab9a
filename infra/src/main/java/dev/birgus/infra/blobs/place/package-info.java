/**
 * The one place that knows every kind of place blobs can be shared at.
 *
 * <p>What a kind needs is loaded when that kind is chosen, and not before.
 */
@NullMarked
package dev.birgus.infra.blobs.place;

import org.jspecify.annotations.NullMarked;
