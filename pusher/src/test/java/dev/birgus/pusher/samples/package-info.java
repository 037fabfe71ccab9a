/**
 * Images and tools that the tests of several packages use.
 *
 * <p>Test code alone.
 */
@NullMarked
package dev.birgus.pusher.samples;

import org.jspecify.annotations.NullMarked;
