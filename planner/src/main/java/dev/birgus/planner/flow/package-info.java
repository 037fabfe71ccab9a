/**
 * The life of a build as a state machine: what to do next after each event.
 *
 * <p>Pure: state and event in, new state and commands out; an event seen twice changes nothing.
 */
@NullMarked
package dev.birgus.planner.flow;

import org.jspecify.annotations.NullMarked;
