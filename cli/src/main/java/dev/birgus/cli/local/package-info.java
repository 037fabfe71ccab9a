/**
 * The four services wired on the in-memory bus.
 *
 * <p>One build, one process.
 */
@NullMarked
package dev.birgus.cli.local;

import org.jspecify.annotations.NullMarked;
