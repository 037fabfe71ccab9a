/**
 * The rules of .dockerignore.
 *
 * <p>Pure: patterns and a path in, seen or not seen out.
 */
@NullMarked
package dev.birgus.ingest.ignore;

import org.jspecify.annotations.NullMarked;
