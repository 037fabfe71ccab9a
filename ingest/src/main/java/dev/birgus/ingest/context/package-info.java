/**
 * Build contexts: a directory, a tar, standard input.
 *
 * <p>Whatever form it comes in, it ends as files under a directory from which nothing outside can
 * be reached.
 */
@NullMarked
package dev.birgus.ingest.context;

import org.jspecify.annotations.NullMarked;
