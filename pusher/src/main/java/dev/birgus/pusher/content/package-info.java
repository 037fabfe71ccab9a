/**
 * The bytes of an image's layers, from the blob store or from where the base image came.
 *
 * <p>It exists so that a layer that nobody unpacked is fetched only by the delivery that needs it.
 */
@NullMarked
package dev.birgus.pusher.content;

import org.jspecify.annotations.NullMarked;
