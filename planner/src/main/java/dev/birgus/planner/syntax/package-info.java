/**
 * Characters become lines: directives, comments, continuations, heredocs, the name and the rest of
 * every instruction.
 *
 * <p>Pure, and total: any input gives a tree or errors with their places.
 */
@NullMarked
package dev.birgus.planner.syntax;

import org.jspecify.annotations.NullMarked;
