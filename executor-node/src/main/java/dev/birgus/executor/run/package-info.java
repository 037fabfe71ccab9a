/**
 * Commands in a root of their own.
 *
 * <p>How far a command is kept apart from the node is decided here and nowhere else.
 */
@NullMarked
package dev.birgus.executor.run;

import org.jspecify.annotations.NullMarked;
