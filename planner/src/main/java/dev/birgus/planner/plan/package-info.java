/**
 * Instructions become a plan of stages.
 *
 * <p>Pure: everything that does not need a command to run is settled here.
 */
@NullMarked
package dev.birgus.planner.plan;

import org.jspecify.annotations.NullMarked;
