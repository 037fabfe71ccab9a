/**
 * Layers and a configuration become a manifest.
 *
 * <p>Pure: equal input gives equal bytes.
 */
@NullMarked
package dev.birgus.pusher.image;

import org.jspecify.annotations.NullMarked;
