/**
 * Who we are to Google's registries, by Google's own client library.
 *
 * <p>Its classes are loaded when one of those registries is asked about, and not before.
 */
@NullMarked
package dev.birgus.infra.credentials.google;

import org.jspecify.annotations.NullMarked;
