/**
 * Lines become instructions: one parser for each, flags and forms checked.
 *
 * <p>Pure: an instruction that exists is well-formed.
 */
@NullMarked
package dev.birgus.planner.instruct;

import org.jspecify.annotations.NullMarked;
