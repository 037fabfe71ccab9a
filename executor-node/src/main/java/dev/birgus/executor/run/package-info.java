/**
 * Commands in a root of their own.
 *
 * <p>How far a command is kept apart from the node is decided here and nowhere else. The program
 * that does it between fork and exec is in {@code src/main/c}.
 */
@NullMarked
package dev.birgus.executor.run;

import org.jspecify.annotations.NullMarked;
