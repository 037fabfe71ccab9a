/**
 * Variables and quotes in the words of an instruction.
 *
 * <p>Pure: the same word in the same scope gives the same text.
 */
@NullMarked
package dev.birgus.planner.expand;

import org.jspecify.annotations.NullMarked;
