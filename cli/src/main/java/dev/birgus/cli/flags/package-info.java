/**
 * Kaniko's flags and ours as one table, and the parser that reads a command line by it.
 *
 * <p>Help and documentation are made from the same table, so they cannot differ from what is
 * accepted.
 */
@NullMarked
package dev.birgus.cli.flags;

import org.jspecify.annotations.NullMarked;
