/**
 * birgus as a user meets it: the command line in a process of its own, with real parts around it.
 *
 * <p>Nothing in here calls a class of the main tree but the program's entry.
 */
@NullMarked
package dev.birgus.cli.endtoend;

import org.jspecify.annotations.NullMarked;
