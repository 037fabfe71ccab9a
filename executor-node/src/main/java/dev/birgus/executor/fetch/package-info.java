/**
 * What ADD takes from elsewhere: files over HTTP and git repositories, put into a folder of the
 * stage's before they are copied.
 *
 * <p>Bounded in time and in memory, and checked against the checksum before anything sees it.
 */
@NullMarked
package dev.birgus.executor.fetch;

import org.jspecify.annotations.NullMarked;
