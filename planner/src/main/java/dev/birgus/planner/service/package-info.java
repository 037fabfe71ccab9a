/**
 * The planner on the bus.
 *
 * <p>It resolves, plans and lets the flow decide; it keeps no state of its own beside the flow's.
 */
@NullMarked
package dev.birgus.planner.service;

import org.jspecify.annotations.NullMarked;
